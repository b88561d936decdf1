import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { FitReport } from '@mop/core'
import type { Coverage } from './coverage.ts'
import type { Samples } from './samples.ts'
import type { Share, SteerabilityRow } from './steerability.ts'

/** Prints the figures that main.ts wrote to --figures as the tables of the model card. */
const { values } = parseArgs({ options: { figures: { type: 'string' } } })
const { figures } = values
if (figures === undefined) throw new Error('--figures FOLDER is missing')

interface FitFigures {
  readonly records: FitReport['records']
  readonly heldOut: FitReport['heldOut']
  readonly gate: FitReport['gate']
  readonly groups: readonly { readonly name: string; readonly truth: number; readonly size: number }[]
  readonly distance: number
  readonly equalDistance: number
}

function read<Figures>(part: string): Figures | undefined {
  const file = join(figures ?? '', `${part}.json`)
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Figures) : undefined
}
const percent = (share: number): string => `${(100 * share).toFixed(1)}%`
const withError = ([share, error]: Share): string => `${percent(share)} ± ${(100 * error).toFixed(1)}`
const signed = (value: number | undefined): string =>
  value === undefined ? '' : `${value >= 0 ? '+' : '−'}${Math.abs(value).toFixed(1)}`
const lines: string[] = []
function table(head: readonly string[], rows: readonly (readonly string[])[]): void {
  for (const row of [head, head.map(() => '---'), ...rows]) lines.push(`| ${row.join(' | ')} |`)
  lines.push('')
}

const steerability = read<Readonly<Record<string, string | readonly SteerabilityRow[]>>>('steerability')
for (const [name, rows] of Object.entries(steerability ?? {})) {
  if (typeof rows === 'string') continue
  lines.push(`**${name}** (${rows[0]?.comparisons} comparisons)`, '')
  table(
    [
      'prompt',
      'all',
      'free text',
      'closed answers',
      'held-out topics',
      'nats over the wrong one',
      'over bare',
    ],
    rows.map((row) => [
      row.showing,
      withError(row.all),
      withError(row.freeText),
      withError(row.closedAnswers),
      withError(row.heldOutTopics),
      signed(row.overWrong),
      signed(row.overBare),
    ]),
  )
}

const labels: Readonly<Record<string, string>> = {
  recovery: 'constant shares, personas',
  contextual: 'contextual shares, personas',
  'contextual-temperature-1': 'the same, all at temperature 1',
  mixture: 'contextual shares, 24 exemplars',
  'mixture, cooler': 'contextual shares, 24 exemplars, temperatures × 0.7',
  'mixture-800': 'contextual shares, 24 exemplars, 800 records',
  'mixture-48': 'contextual shares, 48 exemplars',
}
const fits = Object.keys(labels).flatMap((part) => {
  const found = read<FitFigures>(part)
  return found === undefined ? [] : [{ part, ...found }]
})
if (fits.length > 0) {
  const interval = ({ mean, interval: [low, high] }: FitReport['heldOut']['gainOver']['bare']): string =>
    `${mean.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`
  table(
    ['population', 'records', 'bare', 'uniform', 'constant', 'mixture', 'gain over bare', 'over uniform', 'over constant', 'which may be too high by', 'total variation (equal shares)'],
    fits.map(({ part, records, heldOut, distance, equalDistance }) => [
      labels[part] ?? part,
      String(records.train + records.validation + records.heldOut),
      ...(['bare', 'uniform', 'constant', 'mixture'] as const).map((way) => heldOut[way].perRecord.toFixed(3)),
      interval(heldOut.gainOver.bare),
      interval(heldOut.gainOver.uniform),
      interval(heldOut.gainOver.constant),
      (heldOut.mixture.monteCarloBias - heldOut.constant.monteCarloBias).toFixed(3),
      `${distance.toFixed(3)} (${equalDistance.toFixed(3)})`,
    ]),
  ) // prettier-ignore
  const main = fits.filter(({ part }) => !part.includes('-'))
  table(
    ['group', ...main.flatMap(({ part }) => [`${labels[part]}: true`, 'found'])],
    (main[0]?.groups ?? []).map(({ name }, index) => [
      name,
      ...main.flatMap(({ groups }) => [
        percent(groups[index]?.truth ?? 0),
        percent(groups[index]?.size ?? 0),
      ]),
    ]),
  )
}

const covered = read<Coverage>('coverage')
if (covered !== undefined) {
  const { groups, responses, classifierAccuracy, rows } = covered
  lines.push(`${responses} responses each; classifier right on ${percent(classifierAccuracy)}`, '')
  table(
    [
      'population',
      'who answers',
      'modes covered',
      "missed (share, half of the members')",
      'distinct responses',
    ],
    rows.map(({ who, interestSpread, shares, expected, covered: modes, distinct }) => [
      interestSpread === 0 ? 'constant shares' : 'contextual shares',
      labels[who] ?? who,
      `${modes} of ${groups.length}`,
      groups
        .flatMap((name, index) => {
          const [share = 0, half = 0] = [shares[index], (expected[index] ?? 0) / 2]
          return share >= half ? [] : [`${name} (${percent(share)}, ${percent(half)})`]
        })
        .join(', '),
      String(distinct),
    ]),
  )
  const shown = rows.filter(
    ({ who, interestSpread }) => interestSpread > 0 && /^(?:members|bare|mixture)$/.test(who),
  )
  table(
    [
      'named for',
      'members, 5 samples',
      ...shown.flatMap(({ who, drawn }) => [
        who,
        ...(drawn === undefined ? [] : ['persona drawn', 'of these named for it']),
      ]),
    ],
    groups.map((name, index) => [
      name,
      percent(shown[0]?.expected[index] ?? 0),
      ...shown.flatMap(({ shares, drawn, recognised }) =>
        [shares, drawn, recognised].flatMap((values) =>
          values === undefined ? [] : [percent(values[index] ?? 0)],
        ),
      ),
    ]),
  )
}

for (const part of ['language', 'speed']) {
  const found = read<Readonly<Record<string, number>>>(part)
  if (found !== undefined) table(['', part], Object.entries(found).map(([name, value]) => [name, String(Math.round(value * 100) / 100)])) // prettier-ignore
}

for (const { input, ...kinds } of read<readonly Samples[]>('samples') ?? []) {
  lines.push(`**${input}**`, '')
  for (const [kind, texts] of Object.entries(kinds)) {
    lines.push('<details>', `<summary>${kind}, ${texts.length} responses</summary>`, '')
    lines.push(...texts.map((text) => `- ${text.replaceAll('\n', ' ⏎ ')}`), '', '</details>', '')
  }
}
process.stdout.write(`${lines.join('\n')}\n`)
