import { normalisedWasserstein } from './wasserstein.ts'

/**
 * Representativeness (OpinionQA: Santurkar et al. 2023): 1 − W₁(p, q) / (K − 1) on an ordinal scale of K answers. From 0 to 1, higher
 * is better. Over several questions it is the mean. Two people's groups that differ strongly still have about 0.8: read it beside its floor.
 *
 * @param p, q weights or counts over the K answers in their order, normalised here.
 * @throws InvalidArgumentError for different lengths, or weights that are negative or all zero.
 */
export function representativeness(p: ArrayLike<number>, q: ArrayLike<number>): number {
  return 1 - normalisedWasserstein(p, q)
}
