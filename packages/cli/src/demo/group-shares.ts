/** Share of each group among records, in the order of `groups`. */
export function trueShares(
  records: readonly { readonly id: string }[],
  groupOf: Readonly<Record<string, string>>,
  groups: readonly string[],
): readonly number[] {
  return groups.map((group) => records.filter(({ id }) => groupOf[id] === group).length / records.length)
}

/** Half the sum of absolute differences of two distributions: 0 equal, 1 disjoint. */
export function totalVariation(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, index) => sum + Math.abs(value - (b[index] ?? 0)), 0) / 2
}
