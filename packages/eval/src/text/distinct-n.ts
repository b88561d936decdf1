import { InvalidArgumentError, wordsOf } from '@mop/core'
import { ngramCounts } from './ngram-counts.ts'

export interface DistinctOptions {
  /** Default: lower-case runs of letters, digits and apostrophes. */
  readonly tokensOf?: (text: string) => readonly string[]
}

/**
 * Distinct-n (Li et al. 2016): different n-grams over all n-grams of the whole list; n-grams do not cross texts. From 0 to 1; higher is
 * more diverse, so near the real sample's is best. It falls with the amount of text: compare at equal amounts only.
 *
 * @param order n ≥ 1, in tokens.
 * @returns NaN where no text has n tokens.
 * @throws InvalidArgumentError for an order that is not a natural number.
 */
export function distinctN(texts: readonly string[], order: number, options: DistinctOptions = {}): number {
  const { tokensOf = wordsOf } = options
  if (!Number.isInteger(order) || order < 1) {
    throw new InvalidArgumentError({ argument: 'order', expected: 'an integer ≥ 1', found: order })
  }
  const different = new Set<string>()
  let total = 0
  for (const text of texts) {
    for (const [ngram, count] of ngramCounts(tokensOf(text), order)) {
      different.add(ngram)
      total += count
    }
  }
  return different.size / total
}
