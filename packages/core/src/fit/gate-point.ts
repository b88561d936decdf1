import type { GateParameters } from '../gate/gate-parameters.ts'
import type { GateGradient, GateObjective, GateRegularisation } from './gate-objective.ts'
import type { DifferentiableFunction } from '../numeric/lbfgs.ts'

/**
 * What the optimiser moves, as one vector: W_x, W_g, W_e, and u with log τ_k = low + (high − low) / (1 + e^{−u_k}), which keeps
 * every temperature inside the grid it was scored on. Offsets are given and stay.
 */
export interface GatePointLayout {
  readonly d: number
  readonly dPrime: number
  readonly personaOffsets: Float64Array
  readonly exemplarOffsets: Float64Array
  /** log of the lowest and the highest temperature; equal where τ is fixed. */
  readonly logTemperatureRange: readonly [number, number]
}

function projectionCount({ d, dPrime }: GatePointLayout): number {
  return 3 * d * dPrime
}

/** The vector of W = 0 and log τ_k = `logTemperature`. */
export function constantPoint(layout: GatePointLayout, logTemperature: number): Float64Array {
  const [low, high] = layout.logTemperatureRange
  const start = projectionCount(layout)
  const temperatures = Math.max(1, layout.personaOffsets.length)
  const point = new Float64Array(start + temperatures)
  if (high > low) {
    // At the very end of the grid the logistic's derivative vanishes and τ could never move.
    const share = Math.min(0.98, Math.max(0.02, (logTemperature - low) / (high - low)))
    point.fill(Math.log(share / (1 - share)), start)
  }
  return point
}

/** The gate at a point. The projections are views on the point. */
export function gateAt(layout: GatePointLayout, point: Float64Array): GateParameters {
  const { d, dPrime, personaOffsets, exemplarOffsets } = layout
  const [low, high] = layout.logTemperatureRange
  const size = d * dPrime
  return {
    d,
    dPrime,
    wx: point.subarray(0, size),
    wg: point.subarray(size, 2 * size),
    we: point.subarray(2 * size, 3 * size),
    personaOffsets,
    exemplarOffsets,
    logTemperatures: point.slice(3 * size).map((u) => low + (high - low) / (1 + Math.exp(-u))),
  }
}

/** The negative of the penalised objective as a function of the point; with `batch`, of the records of those inputs. */
export function pointFunction(
  layout: GatePointLayout,
  objective: GateObjective,
  regularisation: GateRegularisation,
  batch?: Int32Array,
): DifferentiableFunction {
  const { d, dPrime, personaOffsets, exemplarOffsets } = layout
  const [low, high] = layout.logTemperatureRange
  const size = d * dPrime
  return (point, gradient) => {
    const parameters = gateAt(layout, point)
    const slopes: GateGradient = {
      wx: gradient.subarray(0, size),
      wg: gradient.subarray(size, 2 * size),
      we: gradient.subarray(2 * size, 3 * size),
      personaOffsets: new Float64Array(personaOffsets.length),
      exemplarOffsets: new Float64Array(exemplarOffsets.length),
      logTemperatures: gradient.subarray(3 * size),
    }
    const { value } = objective.evaluate(parameters, regularisation, slopes, batch)
    for (let index = 0; index < 3 * size; index++) gradient[index] = -(gradient[index] as number)
    parameters.logTemperatures.forEach((logTemperature, persona) => {
      const share = high > low ? (logTemperature - low) / (high - low) : 0
      const at = 3 * size + persona
      gradient[at] = -(gradient[at] as number) * (high - low) * share * (1 - share)
    })
    return -value
  }
}
