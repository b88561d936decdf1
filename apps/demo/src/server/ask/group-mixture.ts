import { Mixture } from '@mop/core'
import type { Given } from '../../api-contract.ts'

/**
 * The same mixture of a group's members alone: π_k(x) becomes π_k(x) P(group | persona k), renormalised, by what is added to the
 * personas' offsets. The group must be one that the mixture knows.
 */
export function groupMixture(mixture: Mixture, given: Given | undefined): Mixture {
  if (given === undefined || Object.keys(given).length === 0) return mixture
  const { personas, exemplars, gate, encoder, provenance, attributes } = mixture
  const offsets = gate.personaOffsets.map((offset, persona) =>
    attributes.reduce((sum, { name, values, probabilities }) => {
      const wanted = given[name]
      if (wanted === undefined) return sum
      return sum + Math.log(probabilities[persona * values.length + values.indexOf(wanted)] ?? 0)
    }, offset),
  )
  return new Mixture({
    personas,
    exemplars,
    encoder,
    provenance,
    attributes,
    gate: { ...gate, personaOffsets: offsets },
  })
}
