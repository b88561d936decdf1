const whole = new Intl.NumberFormat('en')

/** 0.1234 -> `12.3%`. */
export function percent(share: number, digits = 1): string {
  return `${(100 * share).toFixed(digits)}%`
}

/** 12345 -> `12,345`. */
export function thousands(value: number): string {
  return whole.format(value)
}

export function count(value: number, noun: string): string {
  return `${whole.format(value)} ${value === 1 ? noun : `${noun}s`}`
}

/** With a true minus sign. */
export function decimal(value: number, digits = 2): string {
  return value.toFixed(digits).replace('-', '−')
}

export function duration(seconds: number): string {
  if (seconds < 60) return `${Math.round(seconds)} s`
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`
}
