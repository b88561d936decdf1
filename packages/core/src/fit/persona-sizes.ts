import { effectiveNumber } from '../numeric/effective-number.ts'
import type { FitRun, LearnedGate } from './fit-run.ts'
import { createGateObjective } from './gate-objective.ts'

export interface PersonaSizes {
  /** Mean responsibility of each persona over the training records, by their weights; sums to 1. */
  readonly sizes: Float64Array
  /** exp of the entropy of the sizes. */
  readonly effective: number
}

/** How much of the training part each persona explains (METHOD section 7). */
export function personaSizes(run: FitRun, { train, parameters }: LearnedGate): PersonaSizes {
  const { data, table } = run
  const { hx, hg, he } = data
  const objective = createGateObjective({ data: train, hx, hg, he, temperatures: table.header.temperatures })
  const { responsibilities } = objective.posterior(parameters)
  const sizes = new Float64Array(data.personas.length)
  let total = 0
  for (const [record, weight] of train.weights.entries()) {
    total += weight
    const end = train.rowStart[record + 1] as number
    for (let c = train.rowStart[record] as number; c < end; c += 1) {
      const persona = train.persona[c] as number
      sizes[persona] = (sizes[persona] as number) + weight * (responsibilities[c] as number)
    }
  }
  const shares = sizes.map((size) => size / total)
  return { sizes: shares, effective: effectiveNumber(shares) }
}
