import { InvalidArgumentError } from '../errors/invalid-argument-error.ts'
import type { GateParameters } from '../gate/gate-parameters.ts'
import { projectGate } from '../gate/projected-gate.ts'
import { dot } from '../numeric/dot.ts'
import { multiply } from '../numeric/gemm.ts'
import type { KernelName } from '../numeric/kernel.ts'
import { type Matrix, selectRows } from '../numeric/matrix.ts'
import { createGateBlock } from './gate-block.ts'
import { assertGateData, type GateData, normalisedWeights, recordsByInput, usedInputs } from './gate-data.ts'
import { temperatureInterpolation } from './temperature-interpolation.ts'

/** An encoded matrix: rows of length d′. Float32 rows are computed with in float64. */
export type Encodings = Matrix<Float64Array | Float32Array>

export interface GateProblem {
  readonly data: GateData
  /** h(x) of the distinct inputs, U × d′. */
  readonly hx: Encodings
  /** h(g), K × d′; 0 rows for a gate without personas. */
  readonly hg: Encodings
  /** h(e), J × d′; 0 rows for a gate without exemplars. */
  readonly he: Encodings
  /** The T temperatures of `data.logLikelihood`, ascending; with one of them τ is fixed. */
  readonly temperatures: readonly number[]
}

export interface GateRegularisation {
  /** λ ≥ 0 of λ (‖W_x‖² + ‖W_g‖² + ‖W_e‖²). */
  readonly projections: number
  /** λ_τ ≥ 0 of λ_τ Σ_k (log τ_k − log τ₀)². */
  readonly temperatures: number
  /** log τ₀, the common temperature. */
  readonly logTemperature: number
}

/** Derivatives of the penalised objective, in the layout of GateParameters. */
export interface GateGradient {
  readonly wx: Float64Array
  readonly wg: Float64Array
  readonly we: Float64Array
  readonly personaOffsets: Float64Array
  readonly exemplarOffsets: Float64Array
  readonly logTemperatures: Float64Array
}

export interface GateEvaluation {
  /** What is maximised: `logLikelihood` − `penalty`. */
  readonly value: number
  /** Weighted mean over records of log Σ_{c ∈ S_i} π Ω p exp(offset). */
  readonly logLikelihood: number
  readonly penalty: number
}

export interface GatePosterior {
  /** P(candidate | record) within S_i, one per candidate; sums to 1 over each record's candidates. */
  readonly responsibilities: Float64Array
  /** log Σ_{c ∈ S_i} of each record. */
  readonly logLikelihoods: Float64Array
}

export interface GateObjective {
  /**
   * The objective at `parameters`; fills `gradient` where given (it costs about three times the value).
   * Throws UnexplainedRecordError where all candidates of a record have probability 0.
   */
  evaluate(
    parameters: GateParameters,
    regularisation: GateRegularisation,
    gradient?: GateGradient,
  ): GateEvaluation
  posterior(parameters: GateParameters): GatePosterior
}

export const noRegularisation: GateRegularisation = { projections: 0, temperatures: 0, logTemperature: 0 }

/**
 * METHOD section 3: L = Σ_i w_i log Σ_{(k,j) ∈ S_i} π_k(x_i) Ω_kj(x_i) p^{τ_k}(y_i | …) e^{offset} / Σ_i w_i − penalty, with
 * analytic gradients, in float64 and in log space.
 *
 * Ω's normaliser runs over all unmasked exemplars at the price of a matrix product, not of an exponential per
 * (record, persona, exemplar): exp(x̃·ẽ_j + g̃_k·ẽ_j + b_j) is a product of a factor of the input and one of the persona.
 * `kernel` forces what the products run on.
 */
export function createGateObjective(
  problem: GateProblem,
  options: { readonly kernel?: KernelName } = {},
): GateObjective {
  const { data, hg, he, temperatures } = problem
  const shape = {
    inputs: problem.hx.rows,
    personas: hg.rows,
    exemplars: he.rows,
    temperatures: temperatures.length,
  }
  assertGateData(data, shape)
  const kernel = options.kernel === undefined ? {} : { kernel: options.kernel }
  const { used, renumbered } = usedInputs(data.inputs, shape.inputs)
  const hx = used.length === shape.inputs ? problem.hx : selectRows(problem.hx, used)
  const block = createGateBlock({
    data,
    personas: shape.personas,
    exemplars: shape.exemplars,
    weights: normalisedWeights(data),
    interpolation: temperatureInterpolation(temperatures, data.logLikelihood),
    grouping: recordsByInput(renumbered, used.length),
    kernel,
  })

  const run = (
    parameters: GateParameters,
    gradient: GateGradient | undefined,
    posterior: GatePosterior | undefined,
  ): number => {
    if (parameters.dPrime !== hx.columns) {
      throw new InvalidArgumentError({
        argument: 'hx',
        expected: `with ${parameters.dPrime} columns`,
        found: `${hx.columns} columns`,
      })
    }
    const { d, dPrime } = parameters
    const gate = projectGate(parameters, hg, he, kernel)
    const weightsOf = (data: Float64Array): Matrix => ({ rows: d, columns: dPrime, data })
    const inputs = multiply(hx, weightsOf(parameters.wx), { transposeB: true, ...kernel })
    const sums = block.begin(gate, gradient !== undefined)
    const inputGradient = gradient === undefined ? undefined : new Float64Array(inputs.data.length)
    let total = 0
    for (let first = 0; first < hx.rows; first += block.size) {
      const rows = Math.min(block.size, hx.rows - first)
      total += block.run(inputs, first, rows, inputGradient, posterior)
    }
    if (gradient === undefined || inputGradient === undefined) return total
    block.finish()
    const project = (of: Float64Array, rows: number, encoded: Encodings, out: Float64Array) => {
      if (rows === 0) out.fill(0)
      else multiply({ rows, columns: d, data: of }, encoded, { transposeA: true, out, ...kernel })
    }
    project(inputGradient, hx.rows, hx, gradient.wx)
    project(sums.personas, hg.rows, hg, gradient.wg)
    project(sums.exemplars, he.rows, he, gradient.we)
    gradient.personaOffsets.set(sums.personaOffsets)
    gradient.exemplarOffsets.set(sums.exemplarOffsets)
    gradient.logTemperatures.set(sums.logTemperatures)
    return total
  }

  return {
    evaluate(parameters, regularisation, gradient) {
      const logLikelihood = run(parameters, gradient, undefined)
      const penalty = penalise(parameters, regularisation, gradient)
      return { value: logLikelihood - penalty, logLikelihood, penalty }
    },
    posterior(parameters) {
      const posterior = {
        responsibilities: new Float64Array(data.persona.length),
        logLikelihoods: new Float64Array(data.inputs.length),
      }
      run(parameters, undefined, posterior)
      return posterior
    },
  }
}

/** The penalty; subtracts its derivatives from `gradient` where given. */
function penalise(
  parameters: GateParameters,
  { projections, temperatures, logTemperature }: GateRegularisation,
  gradient: GateGradient | undefined,
): number {
  let penalty = 0
  for (const name of ['wx', 'wg', 'we'] as const) {
    const weights = parameters[name]
    penalty += projections * dot(weights, weights)
    const slope = gradient?.[name]
    if (slope === undefined || projections === 0) continue
    for (let index = 0; index < slope.length; index++) {
      slope[index] = (slope[index] as number) - 2 * projections * (weights[index] as number)
    }
  }
  parameters.logTemperatures.forEach((value, persona) => {
    const deviation = value - logTemperature
    penalty += temperatures * deviation * deviation
    const slope = gradient?.logTemperatures
    if (slope !== undefined) {
      slope[persona] = (slope[persona] as number) - 2 * temperatures * deviation
    }
  })
  return penalty
}
