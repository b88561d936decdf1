/**
 * A figure for people: three decimals, two from 10 on and one from 100 on, and a true minus. What is not finite looks alike, for in a report that was read from
 * its file nothing tells infinities and NaN from one another.
 */
export function numberText(value: number): string {
  if (!Number.isFinite(value)) return 'not finite'
  const size = Math.abs(value)
  const text = size.toFixed(size >= 100 ? 1 : size >= 10 ? 2 : 3)
  return value < 0 && Number(text) !== 0 ? `−${text}` : text
}

/** A share as percent. */
export function percentText(share: number): string {
  const percent = 100 * share
  const plain = percent >= 9.95 || Math.abs(percent - Math.round(percent)) < 1e-9
  return `${percent.toFixed(plain ? 0 : 1)}%`
}

/** A count with its noun, the plural by s. */
export function countText(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
