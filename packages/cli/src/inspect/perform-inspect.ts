import { bindEncoder, type LoadedMixture, type Mixture, type WeightedComponent } from '@mop/core'
import type { CommandContext } from '../command-context.ts'
import { readFitReport, type ShownReport } from '../files/read-fit-report.ts'
import { readMixture } from '../files/read-mixture.ts'
import { containsNotice, gateLine, unitNote, warningLine } from '../fit/fit-summary.ts'
import { heldOutTable } from '../fit/held-out-table.ts'
import { encoderFlag, reopenEncoder } from '../models/open-encoder.ts'
import { bar } from '../output/bar.ts'
import { countOf, formatShare } from '../output/format-number.ts'
import { fieldLines } from '../output/field-lines.ts'
import { personaTable } from '../output/persona-table.ts'
import { renderTable } from '../output/render-table.ts'
import type { Terminal } from '../output/terminal.ts'
import { truncate } from '../output/truncate.ts'
import { wrap } from '../output/wrap.ts'
import { inspectDefaults, type InspectFlags } from './inspect-settings.ts'

export async function performInspect(
  file: string,
  flags: InspectFlags,
  context: CommandContext,
): Promise<void> {
  const { terminal, signal } = context
  const { input, top = inspectDefaults.top } = flags
  const loaded = await readMixture(file, { records: flags.records, signal })
  const found = readFitReport(loaded.report)
  const report = found && {
    ...found,
    warnings: found.warnings.map((warning) => context.inFlags(warning, 'fit')),
  }
  if (input === undefined) {
    terminal.print(overview(file, loaded, report, { terminal, top }))
    terminal.json(overviewJson(file, loaded, report))
    return
  }
  const { mixture } = loaded
  await using encoder = await reopenEncoder(mixture.encoder, encoderFlag(flags.encoder, context.config))
  const bound = bindEncoder(mixture, encoder.encoder)
  const personas = await bound.personaWeights(input, { signal })
  const components = await bound.top(input, top, { signal })
  terminal.print(
    [
      `Weights for the input ${JSON.stringify(truncate(input, 200))}`,
      '',
      personaTable(mixture, personas, { terminal, top, shareTitle: 'weight' }),
      '',
      `The ${components.length} heaviest (persona, exemplar) pairs:`,
      componentTable(mixture, components, terminal),
    ].join('\n'),
  )
  terminal.json({
    file,
    input,
    personas: mixture.personas.map(({ id }, index) => ({ id, weight: personas[index] })),
    components: components.map(({ persona, exemplar, weight }) => ({
      persona: mixture.personas[persona]?.id,
      exemplar: mixture.exemplars[exemplar]?.id ?? null,
      weight,
    })),
  })
}

function overview(
  file: string,
  { mixture, contains }: LoadedMixture,
  report: ShownReport | undefined,
  { terminal, top }: { terminal: Terminal; top: number },
): string {
  const { provenance, encoder } = mixture
  const shown = Math.min(top, mixture.personas.length)
  return [
    `${terminal.style('bold', file)}: ${countOf(mixture.personas.length, 'persona')}, ${countOf(mixture.exemplars.length, 'exemplar')}`,
    fieldLines(
      [
        ['Learned from', `${countOf(provenance.records, 'record')}, seed ${provenance.seed}`],
        ['Scored by', `${provenance.scorer} (any model can be used with it)`],
        [
          'Encoder',
          `${encoder.id}, dimension ${encoder.dimension}${encoder.state === undefined ? '' : ', contained in the file'}`,
        ],
        ...(report === undefined ? [] : [['Gate', gateLine(report)] as const]),
      ],
      terminal.width,
    ),
    wrap(containsNotice(contains, mixture.exemplars.length), terminal.width),
    ...(report === undefined ? [] : ['', heldOutTable(report, terminal), unitNote(report, terminal)]),
    '',
    report === undefined
      ? `${shown} personas:`
      : `Effective number of personas: ${report.effectivePersonas.toFixed(1)}; the ${shown} largest:`,
    personaTable(mixture, report?.personaSizes, { terminal, top: shown }),
    ...(report?.warnings ?? []).map((text) => warningLine(text, terminal)),
    '',
    `Weights for one input: mop inspect ${file} --input "…"`,
  ].join('\n')
}

function overviewJson(
  file: string,
  { mixture, contains, report }: LoadedMixture,
  checked: ShownReport | undefined,
): object {
  const { personas, exemplars, temperatures, gate, encoder, provenance } = mixture
  return {
    file,
    personas: personas.map((persona, index) => ({
      ...persona,
      temperature: temperatures[index],
      ...(checked !== undefined && { size: checked.personaSizes[index] }),
    })),
    exemplars,
    gate: { rank: gate.d },
    encoder: { id: encoder.id, dimension: encoder.dimension },
    provenance,
    contains,
    report: report ?? null,
  }
}

const barWidth = 16

function componentTable(
  mixture: Mixture,
  components: readonly WeightedComponent[],
  terminal: Terminal,
): string {
  const largest = components[0]?.weight ?? 1
  return renderTable({
    columns: [
      { title: 'weight', align: 'right' },
      { title: '' },
      { title: 'persona' },
      { title: 'exemplar', flexible: true },
    ],
    rows: components.map(({ persona, exemplar, weight }) => {
      const example = mixture.exemplars[exemplar]
      return [
        formatShare(weight),
        bar(weight / largest, barWidth),
        truncate(mixture.personas[persona]?.id ?? '', 20),
        example === undefined ? '(none)' : truncate(`${example.input} → ${example.output}`, 160),
      ]
    }),
    width: terminal.width,
    styleTitle: (title) => terminal.style('dim', title),
  })
}
