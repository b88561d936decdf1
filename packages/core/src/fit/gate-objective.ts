import { InvalidArgumentError } from '../errors/invalid-argument-error.ts'
import type { GateParameters } from '../gate/gate-parameters.ts'
import { projectGate } from '../gate/projected-gate.ts'
import { dot } from '../numeric/dot.ts'
import type { KernelName } from '../numeric/kernel.ts'
import { type Matrix, selectRows } from '../numeric/matrix.ts'
import type { ProjectedRows } from './exemplar-softmax.ts'
import { createGateBlock } from './gate-block.ts'
import { assertGateData, type GateData, normalisedWeights, recordsByInput, usedInputs } from './gate-data.ts'
import { type GateValues, multiplyInto } from './gate-product.ts'
import { packEncodings, type PackedEncodings } from './packed-encodings.ts'
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
  /** Distinct inputs of the records, which `batch` numbers from 0. */
  readonly inputs: number
  /**
   * The objective at `parameters`; fills `gradient` where given (it costs about three times the value). With `batch`, of the records of
   * those inputs alone, times all inputs over theirs: an average of random batches is the whole.
   * Throws UnexplainedRecordError where all candidates of a record have probability 0.
   */
  evaluate(
    parameters: GateParameters,
    regularisation: GateRegularisation,
    gradient?: GateGradient,
    batch?: Int32Array,
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
 * `kernel` forces what the products run on. With `single` all matrices are float32: twice as fast, and true to six digits.
 */
export function createGateObjective(
  problem: GateProblem,
  options: { readonly kernel?: KernelName; readonly single?: boolean } = {},
): GateObjective {
  const { data, temperatures } = problem
  const { single = false } = options
  const shape = {
    inputs: problem.hx.rows,
    personas: problem.hg.rows,
    exemplars: problem.he.rows,
    temperatures: temperatures.length,
  }
  assertGateData(data, shape)
  const kernel = options.kernel === undefined ? {} : { kernel: options.kernel }
  const { used, renumbered } = usedInputs(data.inputs, shape.inputs)
  const encoded = (encodings: Encodings): Encodings => (single ? inSingle(encodings) : encodings)
  const hx = encoded(used.length === shape.inputs ? problem.hx : selectRows(problem.hx, used))
  const [hg, he] = [encoded(problem.hg), encoded(problem.he)]
  const everyInput = Int32Array.from(used.keys())
  const weights = normalisedWeights(data)
  const grouping = recordsByInput(renumbered, used.length)
  const values = (length: number): GateValues =>
    single ? new Float32Array(length) : new Float64Array(length)
  const block = createGateBlock({
    data,
    personas: shape.personas,
    exemplars: shape.exemplars,
    weights,
    interpolation: temperatureInterpolation(temperatures, data.logLikelihood),
    grouping,
    single,
    kernel,
  })

  /** Of a `single` objective, the encodings of every batch. */
  let packed: ReturnType<typeof packBoth> | undefined

  const run = (
    parameters: GateParameters,
    gradient: GateGradient | undefined,
    posterior: GatePosterior | undefined,
    batch?: Int32Array,
  ): number => {
    if (parameters.dPrime !== hx.columns) {
      throw new InvalidArgumentError({
        argument: 'hx',
        expected: `with ${parameters.dPrime} columns`,
        found: `${hx.columns} columns`,
      })
    }
    const scale = batch === undefined ? 1 : used.length / batch.length
    const { d, dPrime } = parameters
    const gate = single ? projectInSingle(parameters) : projectGate(parameters, hg, he, kernel)
    const rowsOfInputs = batch === undefined ? hx : selectRows(hx, batch)
    const wx: Encodings = { rows: d, columns: dPrime, data: parameters.wx }
    const inputs: Matrix<GateValues> = {
      rows: rowsOfInputs.rows,
      columns: d,
      data: values(rowsOfInputs.rows * d),
    }
    multiplyInto(inputs.data, rowsOfInputs, encoded(wx), { transposeB: true, ...kernel })
    const sums = block.begin(gate, gradient !== undefined, scale)
    const inputGradient = gradient === undefined ? undefined : values(inputs.data.length)
    let total = 0
    for (let first = 0; first < inputs.rows; first += block.size) {
      const rows = Math.min(block.size, inputs.rows - first)
      total += block.run(inputs, first, rows, batch ?? everyInput, inputGradient, posterior)
    }
    if (gradient === undefined || inputGradient === undefined) return total
    block.finish()
    const project = (
      of: GateValues,
      { rows, columns, data }: Encodings,
      out: Float64Array,
      ready?: PackedEncodings,
    ) => {
      if (rows === 0) return void out.fill(0)
      if (ready !== undefined) return out.set(ready.collect({ rows, columns: d, data: of as Float32Array }))
      const product = single ? new Float32Array(out.length) : out
      const slopes = { rows, columns: d, data: of }
      multiplyInto(product, slopes, { rows, columns, data }, { transposeA: true, ...kernel })
      if (single) out.set(product)
    }
    project(inputGradient, rowsOfInputs, gradient.wx)
    project(sums.personas, hg, gradient.wg, packed?.hg)
    project(sums.exemplars, he, gradient.we, packed?.he)
    gradient.personaOffsets.set(sums.personaOffsets)
    gradient.exemplarOffsets.set(sums.exemplarOffsets)
    gradient.logTemperatures.set(sums.logTemperatures)
    return total
  }

  /** `projectGate` in float32. */
  const projectInSingle = (parameters: GateParameters): ProjectedRows => {
    const { d, dPrime } = parameters
    if (packed === undefined || packed.rank < d) packed = packBoth(d)
    const project = (
      encodings: Encodings,
      weights: Float64Array,
      ready?: PackedEncodings,
    ): Matrix<GateValues> => {
      const { rows } = encodings
      const projection = { rows: d, columns: dPrime, data: new Float32Array(weights) }
      if (ready !== undefined) return { rows, columns: d, data: ready.project(projection) }
      const data = values(rows * d)
      if (rows > 0) multiplyInto(data, encodings, projection, { transposeB: true, ...kernel })
      return { rows, columns: d, data }
    }
    return {
      ...parameters,
      personas: project(hg, parameters.wg, packed.hg),
      exemplars: project(he, parameters.we, packed.he),
    }
  }

  const packBoth = (rank: number) => {
    const pack = (encodings: Encodings) =>
      options.kernel === undefined ? packEncodings(encodings as Matrix<Float32Array>, rank) : undefined
    return { rank, hg: pack(hg), he: pack(he) }
  }

  return {
    inputs: used.length,
    evaluate(parameters, regularisation, gradient, batch) {
      const logLikelihood = run(parameters, gradient, undefined, batch)
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

function inSingle({ rows, columns, data }: Encodings): Encodings {
  return { rows, columns, data: data instanceof Float32Array ? data : new Float32Array(data) }
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
