import type { Who } from '../../api-contract.ts'

export interface Series {
  readonly who: Who
  readonly name: string
  readonly colour: string
  readonly shape: 'circle' | 'diamond' | 'cross'
}

/** How each side is named and drawn, the same in every picture. */
export const series: readonly Series[] = [
  { who: 'population', name: 'Population', colour: 'var(--population)', shape: 'circle' },
  { who: 'mixture', name: 'Mixture', colour: 'var(--mixture)', shape: 'diamond' },
  { who: 'bare', name: 'Bare model', colour: 'var(--bare)', shape: 'cross' },
]

export function nameOf(who: Who): string {
  return series.find((one) => one.who === who)?.name ?? who
}
