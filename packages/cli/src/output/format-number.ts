const grouped = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })

/** 12345 as `12,345`. */
export function formatCount(count: number): string {
  return grouped.format(count)
}

/** Nats with three decimals, with a true minus sign so that columns of both signs line up. */
export function formatNats(value: number, options: { sign?: boolean; digits?: number } = {}): string {
  const text = Math.abs(value).toFixed(options.digits ?? 3)
  if (value < 0 && Number(text) !== 0) return `−${text}`
  return options.sign === true && Number(text) !== 0 ? `+${text}` : text
}

/** 0.0312 as `3.1%`. */
export function formatShare(share: number): string {
  return `${(100 * share).toFixed(1)}%`
}

/** Seconds as `8 s`, `3 min 20 s`, `2 h 5 min`. */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return 'unknown'
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return withRest(Math.floor(whole / 60), 'min', whole % 60, 's')
  return withRest(Math.floor(whole / 3600), 'h', Math.floor((whole % 3600) / 60), 'min')
}

/** A rate with about three digits: `0.52/s`, `120/s`. */
export function formatRate(perSecond: number): string {
  if (perSecond >= 100) return `${formatCount(perSecond)}/s`
  return `${perSecond.toFixed(perSecond >= 10 ? 0 : perSecond >= 1 ? 1 : 2)}/s`
}

export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(1)} kB`
  return `${(bytes / 1e6).toFixed(1)} MB`
}

/** `1 record`, `2 records`. */
export function countOf(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`
}

function withRest(whole: number, unit: string, rest: number, restUnit: string): string {
  return rest === 0 ? `${whole} ${unit}` : `${whole} ${unit} ${rest} ${restUnit}`
}
