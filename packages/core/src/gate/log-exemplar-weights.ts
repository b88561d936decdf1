import { InvalidArgumentError } from '../errors/invalid-argument-error.ts'
import { dot } from '../numeric/dot.ts'
import { logSoftmax } from '../numeric/softmax.ts'
import type { ProjectedGate } from './projected-gate.ts'

/** b_j + x̃ · ẽ_j, J values: the part of an exemplar's logit that all personas share. */
export function exemplarScores(gate: ProjectedGate, projectedInput: Float64Array): Float64Array {
  const { d, exemplars, exemplarOffsets } = gate
  const scores = new Float64Array(exemplars.rows)
  for (let exemplar = 0; exemplar < exemplars.rows; exemplar++) {
    scores[exemplar] =
      (exemplarOffsets[exemplar] as number) + dot(projectedInput, exemplars.data, d, 0, exemplar * d)
  }
  return scores
}

/**
 * log Ω_k·(x) = logSoftmax_j( b_j + x̃ · ẽ_j + g̃_k · ẽ_j ), J values (METHOD section 2; b = 0 is the paper's).
 *
 * `persona` is k, or −1 where the gate has no personas (the term g̃_k · ẽ_j is then absent).
 * `masked` exemplars leave the softmax: their weight is −Infinity and the others are renormalised.
 * `scores` saves time where several personas are asked for one input: the result of `exemplarScores`, left unchanged.
 */
export function logExemplarWeights(
  gate: ProjectedGate,
  projectedInput: Float64Array,
  persona: number,
  options: { readonly masked?: Iterable<number>; readonly scores?: Float64Array } = {},
): Float64Array {
  const { d, personas, exemplars } = gate
  if (!(Number.isInteger(persona) && persona >= (personas.rows === 0 ? -1 : 0) && persona < personas.rows)) {
    throw new InvalidArgumentError({
      argument: 'persona',
      expected: personas.rows === 0 ? '-1' : `an index below ${personas.rows}`,
      found: persona,
    })
  }
  const logits = Float64Array.from(options.scores ?? exemplarScores(gate, projectedInput))
  if (persona >= 0) {
    for (let exemplar = 0; exemplar < exemplars.rows; exemplar++) {
      logits[exemplar] =
        (logits[exemplar] as number) + dot(personas.data, exemplars.data, d, persona * d, exemplar * d)
    }
  }
  for (const exemplar of options.masked ?? []) logits[exemplar] = -Infinity
  return logSoftmax(logits, logits)
}
