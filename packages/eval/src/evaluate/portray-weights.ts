import type { BoundMixture } from '@mop/core'
import { effectiveNumber } from '@mop/core/numeric'
import type { ArmSlot } from '../arms/arm.ts'
import type { MeanWeights } from './portrait.ts'

const mostExemplars = 10

/**
 * π_k(x) and Σ_k π_k(x) Ω_kj(x) of a mixture, averaged over slots: within a slot's group, where it has one.
 *
 * @param slots at least one.
 */
export async function portrayWeights(
  bound: BoundMixture,
  slots: readonly Pick<ArmSlot, 'input' | 'given'>[],
  signal?: AbortSignal,
): Promise<MeanWeights> {
  const { mixture } = bound
  const { personas, exemplars } = mixture
  const width = Math.max(1, exemplars.length)
  const conditions = Map.groupBy(slots, ({ input, given }) => JSON.stringify([input, given ?? null]))
  const ofPersonas = new Float64Array(personas.length)
  const ofExemplars = new Float64Array(width)
  for (const members of conditions.values()) {
    signal?.throwIfAborted()
    const [{ input, given } = { input: '' }] = members
    const x = await bound.embed(input, signal === undefined ? {} : { signal })
    const logWeights = mixture.logComponentWeights(x, { given })
    const share = members.length / slots.length
    logWeights.forEach((logWeight, component) => {
      const weight = share * Math.exp(logWeight)
      const [persona, exemplar] = [Math.floor(component / width), component % width]
      ofPersonas[persona] = (ofPersonas[persona] as number) + weight
      ofExemplars[exemplar] = (ofExemplars[exemplar] as number) + weight
    })
  }
  const heaviest = (weights: Float64Array): number[] =>
    [...weights.keys()].sort((a, b) => (weights[b] as number) - (weights[a] as number) || a - b)
  return {
    conditions: conditions.size,
    personas: heaviest(ofPersonas).map((k) => ({
      id: personas[k]?.id ?? '',
      text: personas[k]?.text ?? '',
      weight: ofPersonas[k] as number,
      temperature: mixture.temperatures[k] as number,
    })),
    effectivePersonas: effectiveNumber(ofPersonas),
    exemplars:
      exemplars.length === 0
        ? []
        : heaviest(ofExemplars)
            .slice(0, mostExemplars)
            .map((j) => ({ id: exemplars[j]?.id ?? '', weight: ofExemplars[j] as number })),
    effectiveExemplars: exemplars.length === 0 ? 0 : effectiveNumber(ofExemplars),
  }
}
