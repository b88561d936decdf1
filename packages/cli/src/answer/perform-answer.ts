import { chatTemplate, choiceProbabilities, populationAnswer } from '@mop/core'
import type { CommandContext } from '../command-context.ts'
import { readMixture } from '../files/read-mixture.ts'
import { encoderFlag, reopenEncoder } from '../models/open-encoder.ts'
import { openModel } from '../models/open-model.ts'
import { bar } from '../output/bar.ts'
import { formatShare } from '../output/format-number.ts'
import { renderTable } from '../output/render-table.ts'
import { truncate } from '../output/truncate.ts'
import { answerDefaults, type AnswerFlags } from './answer-settings.ts'

const barWidth = 16

export async function performAnswer(
  file: string,
  flags: AnswerFlags,
  context: CommandContext,
): Promise<void> {
  const { terminal, config, signal } = context
  const { question, choices, components = answerDefaults.components } = flags
  const { mixture } = await readMixture(file, { records: flags.records, signal })
  await using encoder = await reopenEncoder(mixture.encoder, encoderFlag(flags.encoder, config))
  await using model = await openModel(
    flags.model ?? config.model ?? answerDefaults.model,
    flags.context ?? config.context,
  )
  const answer = await populationAnswer({
    mixture,
    encoder: encoder.encoder,
    scorer: model.scorer,
    question,
    choices,
    given: flags.given,
    components,
    signal,
    seed: flags.seed ?? config.seed ?? answerDefaults.seed,
  })
  const { probabilities: bare } = await choiceProbabilities({
    scorer: model.scorer,
    messages: chatTemplate.render([], question),
    choices,
    signal,
  })
  terminal.print(
    [
      terminal.style('bold', truncate(question, terminal.width)),
      renderTable({
        columns: [
          { title: 'answer', flexible: true },
          { title: 'population', align: 'right' },
          { title: '' },
          { title: '95%' },
          { title: 'bare model', align: 'right' },
        ],
        rows: answer.choices.map((choice, index) => {
          const share = answer.probabilities[index] ?? 0
          const { lower, upper } = answer.intervals[index] ?? { lower: share, upper: share }
          return [
            choice,
            formatShare(share),
            bar(share, barWidth),
            answer.components === 'all' ? '' : `${formatShare(lower)} – ${formatShare(upper)}`,
            formatShare(bare[index] ?? 0),
          ]
        }),
        width: terminal.width,
        styleTitle: (title) => terminal.style('dim', title),
      }),
      terminal.style(
        'dim',
        answer.components === 'all'
          ? 'by the weight of every persona and exemplar: nothing is estimated'
          : `estimated from ${components} drawn pairs of persona and exemplar`,
      ),
    ].join('\n'),
  )
  terminal.json({ ...answer, question, bare })
}
