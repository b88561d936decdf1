import type { FitReport, LoadedMixture, Mixture } from '@mop/core'
import type { ShownReport } from '../files/read-fit-report.ts'
import { countOf, formatBytes, formatCount, formatDuration } from '../output/format-number.ts'
import { fieldLines } from '../output/field-lines.ts'
import { personaTable } from '../output/persona-table.ts'
import type { Terminal } from '../output/terminal.ts'
import { wrap } from '../output/wrap.ts'
import type { SavedFit } from './fit-job.ts'
import { heldOutTable } from './held-out-table.ts'

const personasShown = 8

/** The end of a fit: figures, personas, warnings, and where everything is. */
export function fitSummary(options: {
  readonly mixture: Mixture
  readonly report: FitReport
  /** Those of the report, in the words of the command line. */
  readonly warnings: readonly string[]
  readonly saved: SavedFit
  readonly table: string
  readonly terminal: Terminal
}): string {
  const { mixture, report, warnings, saved, table, terminal } = options
  const { usage, likelihoods } = report
  const seconds = Object.values(report.seconds).reduce((sum, value) => sum + value, 0)
  const shown = Math.min(personasShown, mixture.personas.length)
  return [
    '',
    heldOutTable(report, terminal),
    unitNote(report, terminal),
    '',
    `Effective number of personas: ${report.effectivePersonas.toFixed(1)} of ${report.personas}; the ${shown} largest:`,
    personaTable(mixture, report.personaSizes, { terminal, top: shown }),
    '',
    ...warnings.map((warning) => warningLine(warning, terminal)),
    ...(warnings.length > 0 ? [''] : []),
    fieldLines(
      [
        ['Gate', gateLine(report)],
        [
          'Computed',
          `${countOf(likelihoods.total - likelihoods.found, 'likelihood')} (${formatCount(likelihoods.found)} found in the table), ${formatCount(usage.evaluatedTokens)} tokens evaluated, ${formatDuration(seconds)}`,
        ],
        ['Mixture', `${saved.mixtureFile} (${formatBytes(saved.bytes)})`],
        ['Report', saved.reportFile],
        ['Likelihoods', `${table} (kept: a later fit on the same records reuses them)`],
      ],
      terminal.width,
    ),
    '',
    wrap(containsNotice(saved.contains, mixture.exemplars.length), terminal.width),
    '',
    `Next: mop simulate ${saved.mixtureFile} -o simulated.jsonl`,
  ].join('\n')
}

export function warningLine(warning: string, terminal: Terminal): string {
  return wrap(`${terminal.style('yellow', 'warning:')} ${warning}`, terminal.width)
}

/** What stands under the held-out table. */
export function unitNote(report: Pick<FitReport, 'heldOut'>, terminal: Terminal): string {
  const text = `nats, higher is better; from ${report.heldOut.componentsPerRecord} drawn components for each held-out record`
  return terminal.style('dim', wrap(text, terminal.width))
}

export function gateLine({ gate, constant }: Pick<ShownReport, 'gate' | 'constant'>): string {
  if (gate.chosen === 'constant') {
    return 'constant: weights that depend on the input were not better on the validation records'
  }
  // What was found by batches was held back by stopping early, not by a λ.
  const how = gate.regularisation === 0 ? 'by batches' : `λ ${gate.regularisation.toPrecision(2)}`
  return `depends on the input (rank ${gate.rank}, ${how}), from a constant gate within ${constant.gap.toExponential(1)} of its optimum`
}

/** What a person should know before passing the file on. */
export function containsNotice(contains: LoadedMixture['contains'], exemplars: number): string {
  const parts = [
    ...(contains.exemplarTexts
      ? [`the texts of ${countOf(exemplars, 'exemplar')} (what people really said)`]
      : []),
    ...(contains.personaTexts ? ['persona descriptions, which may quote a record'] : []),
    ...(contains.recordIds ? ['record ids'] : []),
    ...(contains.respondents ? ['respondents'] : []),
    ...(contains.attributes ? ['attributes of people'] : []),
    ...(contains.recordDigests === true ? ['digests of the records it was fitted on'] : []),
  ]
  if (parts.length === 0) return 'The mixture holds nothing that people said.'
  const advice =
    contains.exemplarTexts || contains.personaTexts
      ? ' Treat it as personal data, or fit with --private to leave texts, respondents and attributes out.'
      : ''
  return `The mixture holds ${parts.join(', ')}.${advice}`
}
