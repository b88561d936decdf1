import { exemplarScores, logExemplarWeights } from './log-exemplar-weights.ts'
import { logPersonaWeights } from './log-persona-weights.ts'
import type { ProjectedGate } from './projected-gate.ts'

/**
 * log π_k(x) + log Ω_kj(x) of every component, K · max(1, J) values, row k; `masked` exemplars are −Infinity and
 * the others renormalised. `projectedInput` is x̃. Other persona weights may stand in for π.
 */
export function logComponentWeights(
  gate: ProjectedGate,
  projectedInput: Float64Array,
  masked: readonly number[] = [],
  logPersonas: Float64Array = logPersonaWeights(gate, projectedInput),
): Float64Array {
  const count = gate.exemplars.rows
  if (count === 0) return logPersonas
  const scores = exemplarScores(gate, projectedInput)
  const all = new Float64Array(logPersonas.length * count)
  for (const [k, logPersona] of logPersonas.entries()) {
    const row = logExemplarWeights(gate, projectedInput, k, { masked, scores })
    for (let j = 0; j < count; j += 1) all[k * count + j] = logPersona + (row[j] as number)
  }
  return all
}
