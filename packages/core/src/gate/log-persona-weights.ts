import { dot } from '../numeric/dot.ts'
import { logSoftmax } from '../numeric/softmax.ts'
import type { ProjectedGate } from './projected-gate.ts'

/**
 * log π(x) = logSoftmax_k( a_k + x̃ · g̃_k ), K values (METHOD section 2; a = 0 is the paper's).
 * `projectedInput` is x̃ of `projectInput`.
 */
export function logPersonaWeights(
  gate: ProjectedGate,
  projectedInput: Float64Array,
  out: Float64Array = new Float64Array(gate.personas.rows),
): Float64Array {
  const { d, personas, personaOffsets } = gate
  for (let persona = 0; persona < personas.rows; persona++) {
    out[persona] = (personaOffsets[persona] as number) + dot(projectedInput, personas.data, d, 0, persona * d)
  }
  return logSoftmax(out, out)
}
