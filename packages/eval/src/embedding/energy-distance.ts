import { type ResampleWeights, unitWeights } from '../result/resample-weights.ts'
import { checkPair, type Embeddings } from './embeddings.ts'
import type { PairEstimator } from './maximum-mean-discrepancy.ts'
import { pairMeans } from './pair-means.ts'

export interface EnergyOptions {
  /** Default `unbiased`. */
  readonly estimator?: PairEstimator
}

/**
 * The squared energy distance (Székely and Rizzo 2004, 2013), in embedding units, 0 exactly where both populations are equal, lower is better:
 *
 *     2 E|X − Y| − E|X − X′| − E|Y − Y′|
 *
 * It has no bandwidth to choose. `biased` is the usual V-statistic; `unbiased` has the same expectation at every n.
 *
 * @param real n₁ × d′, n₁ ≥ 2.
 * @param simulated n₂ × d′, n₂ ≥ 2, of the same encoder.
 * @throws InvalidArgumentError for fewer than 2 rows, different dimensions or values that are not finite.
 */
export function energyDistance(real: Embeddings, simulated: Embeddings, options: EnergyOptions = {}): number {
  checkPair(real, simulated, 2)
  return energyDistances(real, simulated, options, [unitWeights(real.rows, simulated.rows)])[0] as number
}

/** The energy distance under each weighting of the rows. */
export function energyDistances(
  real: Embeddings,
  simulated: Embeddings,
  { estimator = 'unbiased' }: EnergyOptions,
  weightings: readonly ResampleWeights[],
): Float64Array {
  const own = estimator === 'unbiased' ? 'left out' : 'counted'
  const { withinReal, withinSimulated, across } = pairMeans(real, simulated, roots, own, weightings)
  return across.map(
    (cross, index) => 2 * cross - (withinReal[index] as number) - (withinSimulated[index] as number),
  )
}

function roots(squared: Float64Array): void {
  for (let index = 0; index < squared.length; index++) squared[index] = Math.sqrt(squared[index] as number)
}
