import { createHash } from 'node:crypto'
import {
  bindEncoder,
  chatTemplate,
  type GroupCondition,
  type Mixture,
  simulate,
  type SimulatedRow,
  type SimulationInput,
} from '@mop/core'
import type { CommandContext } from '../command-context.ts'
import { UsageError } from '../errors/usage-error.ts'
import { withWayOut } from '../errors/way-out-of-too-long.ts'
import { inputsOfExemplars, inputsOfTexts, readInputs } from '../files/read-inputs.ts'
import { readMixture } from '../files/read-mixture.ts'
import { openResumableRows } from '../files/resumable-rows.ts'
import { assertSameRun } from '../files/run-file.ts'
import { encoderFlag, reopenEncoder } from '../models/open-encoder.ts'
import { openModel } from '../models/open-model.ts'
import { settle } from '../options/settle.ts'
import { countOf, formatCount, formatDuration } from '../output/format-number.ts'
import { createProgress } from '../output/progress.ts'
import { renderTable } from '../output/render-table.ts'
import type { Terminal } from '../output/terminal.ts'
import { truncate } from '../output/truncate.ts'
import { simulateDefaults, type SimulateFlags } from './simulate-settings.ts'

export async function performSimulate(
  mixtureFile: string,
  flags: SimulateFlags,
  context: CommandContext,
): Promise<void> {
  const { terminal, config, signal } = context
  if (flags.inputs !== undefined && flags.input !== undefined) {
    throw new UsageError({ message: '--inputs and --input were both given.', remedy: 'Give one of them.' })
  }
  const { model: modelUri, seed } = config
  const settings = settle<typeof simulateDefaults, SimulateFlags>(
    simulateDefaults,
    flags,
    config.simulate as SimulateFlags,
    {
      ...(modelUri !== undefined && { model: modelUri }),
      ...(seed !== undefined && { seed }),
    },
  )
  const { output, draws, given } = settings
  using progress = createProgress(terminal)
  const { mixture } = await readMixture(mixtureFile, { records: settings.records, signal })
  const inputs = await inputsOf(flags, settings.inputs, mixture)
  await using encoder = await reopenEncoder(mixture.encoder, encoderFlag(settings.encoder, config))
  const bound = bindEncoder(mixture, encoder.encoder)
  // An unknown group is refused before a file is begun for it.
  if (given !== undefined) await bound.personaWeights(inputs[0]?.input ?? '', { given, signal })
  await using model = await openModel(settings.model, settings.context ?? config.context)
  await assertSameRun(output, {
    mixture: digestOf(mixtureContent(mixture)),
    model: model.id,
    seed: settings.seed,
    inputs: digestOf(JSON.stringify(inputs)),
    draws,
    pairs: settings.pairs,
    method: settings.method,
    'temperature scale': settings.temperatureScale,
    'maximum of tokens': settings.maxTokens ?? null,
    template: chatTemplate.id,
    ...(given !== undefined && { group: groupName(given), attributes: digestOf(attributesOf(mixture)) }),
  })
  using rows = openResumableRows(output)
  if (rows.completed.size > 0) terminal.note(`${countOf(rows.completed.size, 'row')} already in ${output}.`)
  if (rows.tornBytes > 0) terminal.note(`A row cut off in the middle was removed from ${output}.`)
  const members = given === undefined ? '' : ` of members with ${groupName(given)}`
  terminal.note(`${countOf(inputs.length, 'input')} × ${countOf(draws, 'draw')}${members} with ${model.id}`)
  context.whenInterrupted(`The rows so far are in ${output}. The same command goes on from there.`)
  const start = performance.now()
  const made = await simulate({
    mixture,
    encoder: encoder.encoder,
    generator: model.generator,
    inputs,
    draws,
    signal,
    seed: settings.seed,
    method: settings.method,
    pairs: settings.pairs,
    given,
    temperatureScale: settings.temperatureScale,
    concurrency: settings.concurrency,
    maxTokens: settings.maxTokens,
    completed: rows.completed,
    onRow: (row) => rows.append(row),
    onProgress: (done, total) => progress.update({ label: 'Simulating', done, total }),
  }).catch((error: unknown) => {
    throw withWayOut(error, model)
  })
  progress.finish()
  terminal.print(
    summary(made, {
      terminal,
      output,
      found: rows.completed.size,
      seconds: (performance.now() - start) / 1000,
    }),
  )
  terminal.json({
    output,
    rows: rows.completed.size + made.length,
    newRows: made.length,
    inputs: inputs.length,
    draws,
    model: model.id,
    cutOff: made.filter(({ finishReason }) => finishReason === 'length').length,
  })
}

async function inputsOf(
  flags: SimulateFlags,
  file: string | undefined,
  mixture: Mixture,
): Promise<readonly SimulationInput[]> {
  const inputs =
    flags.input !== undefined
      ? inputsOfTexts(flags.input)
      : file !== undefined
        ? await readInputs(file)
        : inputsOfExemplars(mixture)
  if (inputs.length > 0) return inputs
  throw new UsageError({
    message: 'There is nothing to answer: the mixture has no exemplars whose inputs could be taken.',
    remedy: 'Give --input "text" or --inputs file.',
  })
}

const rowsShown = 8

function summary(
  made: readonly SimulatedRow[],
  {
    terminal,
    output,
    found,
    seconds,
  }: { terminal: Terminal; output: string; found: number; seconds: number },
): string {
  const tokens = made.reduce((sum, { usage }) => sum + usage.outputTokens, 0)
  const cut = made.filter(({ finishReason }) => finishReason === 'length').length
  const lines = [
    `${countOf(made.length, 'row')} written to ${output} (${formatCount(found + made.length)} in all), ${formatCount(tokens)} tokens, ${formatDuration(seconds)}`,
    ...(cut > 0
      ? [`${terminal.style('yellow', 'warning:')} ${countOf(cut, 'answer')} cut off at the limit of tokens.`]
      : []),
  ]
  if (made.length === 0) return lines.join('\n')
  const shown = renderTable({
    columns: [{ title: 'input', flexible: true }, { title: 'persona' }, { title: 'answer', flexible: true }],
    rows: made
      .slice(0, rowsShown)
      .map(({ input, personas, output: answer }) => [
        truncate(input, 60),
        truncate(personas.join(' + '), 24),
        truncate(answer, 160),
      ]),
    width: terminal.width,
    styleTitle: (title) => terminal.style('dim', title),
  })
  return ['', shown, '', ...lines].join('\n')
}

/** What decides the draws of a mixture, without its report. */
function mixtureContent({ personas, exemplars, gate, encoder }: Mixture): string {
  const numbers = [
    gate.wx,
    gate.personas.data,
    gate.exemplars.data,
    gate.personaOffsets,
    gate.exemplarOffsets,
    gate.logTemperatures,
  ]
  return JSON.stringify([personas, exemplars, numbers.map((values) => Array.from(values)), encoder.id])
}

/** `age=18-29, gender=female`: the same for the same group, in whichever order it was written. */
function groupName(given: GroupCondition): string {
  const words = Object.entries(given).map(([attribute, value]) => `${attribute}=${value}`)
  return words.toSorted().join(', ')
}

/** What decides the draws within a group besides. */
function attributesOf({ attributes }: Mixture): string {
  return JSON.stringify(
    attributes.map(({ name, values, probabilities }) => [name, values, Array.from(probabilities)]),
  )
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}
