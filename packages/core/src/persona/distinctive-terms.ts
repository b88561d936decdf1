/** In how many texts each term stands. */
export type TermCounts = ReadonlyMap<string, number>

export function countTerms(texts: Iterable<readonly string[]>): TermCounts {
  const counts = new Map<string, number>()
  for (const terms of texts) for (const term of new Set(terms)) counts.set(term, (counts.get(term) ?? 0) + 1)
  return counts
}

/** Pseudo-counts of the prior: a term must be said a few times before it counts as distinctive. */
const priorMass = 500

/**
 * Terms that one part of a population uses more than the rest, the most distinctive first: z-scores of the
 * log-odds ratio with an informative Dirichlet prior (Monroe, Colaresi and Quinn 2008, equations 15, 16, 19 and 22), the prior
 * being the whole population's own frequencies:
 *
 *     δ_w = ln (y_w + α_w)/(n + α_0 − y_w − α_w) − ln (ỹ_w + α_w)/(ñ + α_0 − ỹ_w − α_w),
 *     z_w = δ_w / √(1/(y_w + α_w) + 1/(ỹ_w + α_w)),   α_w = α_0 · frequency of w,   α_0 = 500.
 *
 * @param inside counts in the part; @param all counts in the whole population, the part included.
 * @param least count in the part below which a term is passed over.
 */
export function distinctiveTerms(
  inside: TermCounts,
  all: TermCounts,
  least: number,
): readonly { readonly term: string; readonly score: number }[] {
  const total = sumOf(all)
  const insideTotal = sumOf(inside)
  const outsideTotal = total - insideTotal
  const scored: { term: string; score: number }[] = []
  for (const [term, count] of inside) {
    if (count < least) continue
    const everywhere = all.get(term) ?? count
    const outside = everywhere - count
    const prior = (priorMass * everywhere) / total
    const logOdds = (said: number, size: number): number =>
      Math.log((said + prior) / (size + priorMass - said - prior))
    const difference = logOdds(count, insideTotal) - logOdds(outside, outsideTotal)
    const score = difference / Math.sqrt(1 / (count + prior) + 1 / (outside + prior))
    if (score > 0) scored.push({ term, score })
  }
  return scored.toSorted((a, b) => b.score - a.score || (a.term < b.term ? -1 : 1))
}

function sumOf(counts: TermCounts): number {
  let sum = 0
  for (const count of counts.values()) sum += count
  return sum
}
