/** What one person said: rows, each with the weight of that person's records there. */
export type RowsOfPerson = readonly { readonly row: number; readonly weight: number }[]

/**
 * Whether the weighted mean m of gains exceeds its own standard error over people, who are drawn whole:
 *
 *     √( G/(G−1) Σ_g ( Σ_{i of g} w_i (gain_i − m) )² ) / Σ_i w_i
 *
 * (the linearised variance of a ratio of cluster totals, Cochran 1977, section 9A.5). Of a single person it never does.
 */
export function isClearGain(gains: ArrayLike<number>, people: readonly RowsOfPerson[]): boolean {
  let [total, sum] = [0, 0]
  for (const { row, weight } of people.flat()) {
    total += weight
    sum += weight * (gains[row] as number)
  }
  const mean = sum / total
  let squares = 0
  for (const person of people) {
    const own = person.reduce((value, { row, weight }) => value + weight * ((gains[row] as number) - mean), 0)
    squares += own ** 2
  }
  const { length } = people
  return length > 1 && mean > Math.sqrt((length / (length - 1)) * squares) / total
}
