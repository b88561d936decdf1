import type { FitReport, PopulationRecord, RecordSplit } from '@mop/core'
import type { SavedFit } from '../fit/fit-job.ts'
import { unitNote, warningLine } from '../fit/fit-summary.ts'
import { heldOutTable } from '../fit/held-out-table.ts'
import { bar } from '../output/bar.ts'
import { formatCount, formatDuration, formatShare } from '../output/format-number.ts'
import { renderTable } from '../output/render-table.ts'
import type { Terminal } from '../output/terminal.ts'
import { truncate } from '../output/truncate.ts'
import { wrap } from '../output/wrap.ts'
import type { SampleAnswers } from './perform-demo.ts'
import type { Variety } from './variety.ts'

export function demoOpening(options: {
  readonly terminal: Terminal
  readonly records: readonly PopulationRecord[]
  readonly split: RecordSplit
  readonly groups: number
  readonly exemplars: number
  readonly model: string
  readonly calls: number
  readonly found: number
  readonly reduced: boolean
  readonly seconds: number
}): string {
  const { terminal, records, split } = options
  const calls = Math.max(0, options.calls - options.found)
  const duration = formatDuration(options.seconds)
  const paragraphs = [
    `Here are ${formatCount(records.length)} records of a synthetic society of ${options.groups} groups: reviews, messages, survey answers. ${formatCount(split.heldOut.length)} of them are held out: nothing below learns from them. The model is tiny, runs on this machine and stays as it is: ${options.model}.`,
    `The fit is given a persona for each group and ${options.exemplars} example records, but not who said what. It learns which of them to put before the model, with which probability, for which question.`,
    options.found === 0
      ? `It computes up to ${formatCount(calls)} likelihoods${options.reduced ? ' (fewer than usual, since this machine is slow or busy)' : ''}: about ${duration} here.`
      : `${formatCount(options.found)} likelihoods are there from an earlier run; up to ${formatCount(calls)} are left: about ${duration}.`,
  ]
  return [
    terminal.style(
      'bold',
      wrap(
        'Asked the same thing a thousand times, a language model says nearly the same thing a thousand times. A population does not.',
        Math.min(terminal.width, 78),
      ),
    ),
    ...paragraphs.map((text) => `\n${wrap(text, Math.min(terminal.width, 90))}`),
  ].join('\n')
}

export interface GroupShares {
  readonly groups: readonly string[]
  readonly truth: readonly number[]
  readonly recovered: readonly number[]
  readonly distance: number
  readonly uniformDistance: number
}

export function demoResult(options: {
  readonly terminal: Terminal
  readonly report: FitReport
  readonly warnings: readonly string[]
  readonly shares: GroupShares
  readonly variety: Readonly<Record<'population' | 'mixture' | 'bare', Variety>>
  readonly samples: readonly SampleAnswers[]
  readonly saved: SavedFit
  readonly simulated: string
  readonly table: string
  readonly seconds: number
}): string {
  const { terminal, report, warnings, shares, samples, saved, simulated, table } = options
  const heading = (text: string): string[] => ['', terminal.style('bold', wrap(text, terminal.width))]
  return [
    ...heading('1. How well does each way to answer explain people it has never seen?'),
    heldOutTable(report, terminal),
    unitNote(report, terminal),
    ...warnings.map((warning) => warningLine(warning, terminal)),
    ...heading('2. Does it find out how large the groups are, without being told who is who?'),
    sharesTable(shares, terminal),
    wrap(
      `Total variation to the truth: ${shares.distance.toFixed(3)} (0 is perfect; equal shares would be ${shares.uniformDistance.toFixed(3)} away).`,
      terminal.width,
    ),
    ...heading('3. What do they say?'),
    ...samples.flatMap((sample) => ['', sampleTable(sample, terminal)]),
    ...heading('4. How varied are the answers to the questions held out?'),
    varietyTable(options.variety, terminal),
    ...heading('What there is now'),
    renderTable({
      columns: [{ title: 'file' }, { title: 'holds', flexible: true }],
      rows: [
        [saved.mixtureFile, 'the mixture: portable, and usable with any other model'],
        [saved.reportFile, 'every figure of the fit'],
        [simulated, 'the simulated answers, each with its persona, example and seed'],
        [table, 'the likelihoods: running the demo again computes none of them twice'],
      ],
      width: terminal.width,
      styleTitle: (title) => terminal.style('dim', title),
    }),
    ...heading('What to try next'),
    `  mop inspect ${saved.mixtureFile} --input "Would you buy a mattress again?"`,
    `  mop simulate ${saved.mixtureFile} --input "Write a film review." -n 20`,
    '  mop fit your-records.jsonl -o mixture.json     # with an input and an output in every line',
  ].join('\n')
}

const barWidth = 14
/** Where the terminal has fewer than `roomy` columns. */
const shortBarWidth = 6
const roomy = 76

function sharesTable({ groups, truth, recovered }: GroupShares, terminal: Terminal): string {
  const order = groups.map((_, index) => index).toSorted((a, b) => (truth[b] ?? 0) - (truth[a] ?? 0))
  const largest = Math.max(...truth, ...recovered)
  const columns = terminal.width < roomy ? shortBarWidth : barWidth
  return renderTable({
    columns: [
      { title: 'group' },
      { title: 'true', align: 'right' },
      { title: '' },
      { title: 'recovered', align: 'right' },
      { title: '' },
    ],
    rows: order.map((index) => [
      groups[index] ?? '',
      formatShare(truth[index] ?? 0),
      bar((truth[index] ?? 0) / largest, columns),
      formatShare(recovered[index] ?? 0),
      bar((recovered[index] ?? 0) / largest, columns),
    ]),
    width: terminal.width,
    styleTitle: (title) => terminal.style('dim', title),
  })
}

function sampleTable({ input, population, mixture, bare }: SampleAnswers, terminal: Terminal): string {
  const rows = Math.max(population.length, mixture.length, bare.length)
  const table = renderTable({
    columns: [
      { title: 'people, held out', flexible: true },
      { title: 'the mixture', flexible: true },
      { title: 'the bare model', flexible: true },
    ],
    rows: Array.from({ length: rows }, (_, index) =>
      [population, mixture, bare].map((answers) => truncate(answers[index] ?? '', 110)),
    ),
    width: terminal.width,
    styleTitle: (title) => terminal.style('dim', title),
  })
  return `${terminal.style('cyan', truncate(input, terminal.width))}\n${table}`
}

function varietyTable(
  { population, mixture, bare }: Readonly<Record<'population' | 'mixture' | 'bare', Variety>>,
  terminal: Terminal,
): string {
  const row = (name: string, variety: Variety): string[] => [
    name,
    `${variety.words.toFixed(1)} ± ${variety.wordsSpread.toFixed(1)}`,
    formatShare(variety.distinct),
    formatCount(variety.vocabulary),
  ]
  return renderTable({
    columns: [
      { title: '' },
      { title: 'words an answer', align: 'right' },
      { title: 'distinct', align: 'right' },
      { title: 'vocabulary', align: 'right' },
    ],
    rows: [row('people, held out', population), row('the mixture', mixture), row('the bare model', bare)],
    width: terminal.width,
    styleTitle: (title) => terminal.style('dim', title),
  })
}
