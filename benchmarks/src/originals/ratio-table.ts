/** What was measured of one side of a row, or why it was not. */
export interface SideResult {
  readonly row: string
  /** `ours`, or task and kind of a peer. */
  readonly side: string
  /** Of each repetition, in order. */
  readonly seconds: readonly number[]
  /** Of our side in the same repetitions. */
  readonly ownSeconds: readonly number[]
  /** Processor seconds of each repetition, all threads. */
  readonly processor: readonly number[]
  /** Largest ratio ours / theirs that was set as a goal. */
  readonly target?: number | undefined
  readonly peakMb?: number | undefined
  readonly value?: number | undefined
  readonly check?: string | undefined
  readonly note?: string | undefined
  readonly libraries?: readonly string[] | undefined
  readonly failure?: string | undefined
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const half = sorted.length >> 1
  const upper = sorted[half] ?? NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? NaN) + upper) / 2
}

const least = (values: readonly number[]): number => Math.min(...values)

/** Ratios ours / theirs, of the medians and of the least times. NaN where a side has no time. */
export function ratios({ seconds, ownSeconds }: SideResult): {
  readonly median: number
  readonly least: number
} {
  if (seconds.length === 0 || ownSeconds.length === 0) return { median: NaN, least: NaN }
  return { median: median(ownSeconds) / median(seconds), least: least(ownSeconds) / least(seconds) }
}

const columns = [
  'row',
  'side',
  'n',
  's',
  'least s',
  'processor s',
  'ours / theirs',
  'of the least',
  'target',
  'peak MB',
  'value',
  'check, note',
]

/** A Markdown table; a goal is missed where one of the ratios is above it; a side that was not measured says why. */
export function ratioTable(results: readonly SideResult[]): string {
  const lines = results.map((result) => {
    const { row, side, seconds, target, peakMb, value, check, note, failure } = result
    if (failure !== undefined) {
      const rest = columns.slice(3).map(() => '')
      return [row, side, '0', ...rest.slice(1), `not measured: ${failure}`]
    }
    const own = side === 'ours'
    const ratio = ratios(result)
    return [
      row,
      side,
      String(seconds.length),
      figure(median(seconds)),
      figure(least(seconds)),
      figure(median(result.processor)),
      own ? '' : figure(ratio.median),
      own ? '' : figure(ratio.least),
      target === undefined
        ? ''
        : `${target}${Math.max(ratio.median, ratio.least) <= target ? '' : ' MISSED'}`,
      peakMb?.toFixed(0) ?? '',
      value?.toPrecision(9) ?? '',
      [check, note].filter((text) => text !== undefined && text !== '').join('; '),
    ]
  })
  const text = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [text(columns), text(columns.map(() => '---')), ...lines.map(text)].join('\n')
}

function figure(value: number): string {
  return Number.isNaN(value) ? '' : value.toPrecision(3)
}
