/** A figure for people: three decimals, one from 100 on, and a true minus. */
export function numberText(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'none' : value < 0 ? '−∞' : '∞'
  const text = Math.abs(value).toFixed(Math.abs(value) >= 100 ? 1 : 3)
  return value < 0 && Number(text) !== 0 ? `−${text}` : text
}

/** A share as percent. */
export function percentText(share: number): string {
  const percent = 100 * share
  return `${percent > 0 && percent < 9.95 ? percent.toFixed(1) : percent.toFixed(0)}%`
}

/** A count with its noun, the plural by s. */
export function countText(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
