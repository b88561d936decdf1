/** ½ Σ |p − q| of two distributions over the same choices: 0 where they are equal, 1 where they share nothing. */
export function totalVariation(p: readonly number[], q: readonly number[]): number {
  return p.reduce((sum, value, index) => sum + Math.abs(value - (q[index] ?? 0)), 0) / 2
}
