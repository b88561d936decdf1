import type { GateData } from '../../packages/core/src/fit/gate-data.ts'
import type { GateFitProblem } from '../../packages/core/src/fit/fit-gate.ts'
import { multiply } from '../../packages/core/src/numeric/gemm.ts'
import { logSumExp } from '../../packages/core/src/numeric/log-sum-exp.ts'
import { matrix, rowOf, zeros } from '../../packages/core/src/numeric/matrix.ts'
import { logSoftmax } from '../../packages/core/src/numeric/softmax.ts'
import { categorical } from '../../packages/core/src/random/categorical.ts'
import { normal } from '../../packages/core/src/random/normal.ts'
import { createRandom } from '../../packages/core/src/random/random.ts'
import { systematicSample } from '../../packages/core/src/random/systematic-sample.ts'

export interface SyntheticGateOptions {
  readonly records: number
  readonly validationRecords: number
  /** Distinct inputs; records share them evenly. */
  readonly inputs: number
  readonly personas: number
  readonly exemplars: number
  readonly dimension: number
  /** Candidates scored for each record. */
  readonly pairs: number
  readonly seed: string
  /** How strongly the true weights depend on the input. Default 3. */
  readonly strength?: number
  /** Whether validation and test records have inputs that no training record has; without it parts share them. */
  readonly freshInputs?: boolean
}

export interface SyntheticGateProblem extends GateFitProblem {
  /** As many records as for validation, for the figure reported. */
  readonly test: GateData
  /** Mean log-likelihood under the true weights; an oracle only where every component is a candidate (pairs = K · J). */
  readonly truth: (data: GateData) => number
}

/**
 * A population with a known gate: unit embeddings around 12 topics with noise, true logits from the topics' affinities
 * with personas and exemplars, responses drawn from the true mixture, candidates drawn at random with known inclusion
 * probabilities, log-likelihoods near −40 that tell true components by a few nats.
 */
export function syntheticGateProblem(options: SyntheticGateOptions): SyntheticGateProblem {
  const { personas: K, exemplars: J, dimension, pairs, strength = 3 } = options
  const random = createRandom(options.seed)
  const topics = 12
  const gaussian = (rows: number, columns: number, scale: number) =>
    matrix(
      rows,
      columns,
      Float64Array.from({ length: rows * columns }, () => scale * normal(random)),
    )
  const centres = gaussian(topics, dimension, 1 / Math.sqrt(dimension))
  const encode = (count: number) => {
    const mixture = gaussian(count, topics, 1)
    for (let row = 0; row < count; row++) {
      // One main topic each, the others faintly.
      const main = row % topics
      for (let topic = 0; topic < topics; topic++) {
        const at = row * topics + topic
        mixture.data[at] = (topic === main ? 1 : 0) + 0.15 * (mixture.data[at] as number)
      }
    }
    const clean = multiply(mixture, centres)
    const vectors = new Float32Array(count * dimension)
    for (let row = 0; row < count; row++) {
      let norm = 0
      const noisy = rowOf(clean, row).map((value) => value + (0.7 * normal(random)) / Math.sqrt(dimension))
      for (const value of noisy) norm += value * value
      vectors.set(
        noisy.map((value) => value / Math.sqrt(norm)),
        row * dimension,
      )
    }
    return { topics: mixture, vectors: matrix(count, dimension, vectors) }
  }
  const inputs = encode(options.inputs)
  const personas = encode(K)
  const exemplars = encode(J)
  const affinity = () => gaussian(topics, topics, strength / Math.sqrt(2))
  const through = (left: typeof personas.topics, right: typeof personas.topics) =>
    left.rows * right.rows === 0
      ? zeros(left.rows, right.rows)
      : multiply(multiply(left, affinity()), right, { transposeB: true })
  const personaLogits = through(inputs.topics, personas.topics)
  const exemplarLogits = through(inputs.topics, exemplars.topics)
  const pairLogits = through(personas.topics, exemplars.topics)
  const [personaCount, exemplarCount] = [Math.max(1, K), Math.max(1, J)]
  const components = personaCount * exemplarCount
  const logPersonas = (input: number) => (K === 0 ? [0] : logSoftmax(rowOf(personaLogits, input)))
  const logExemplars = (input: number, k: number) =>
    J === 0
      ? [0]
      : logSoftmax(
          rowOf(exemplarLogits, input).map(
            (value, j) => value + (K === 0 ? 0 : (pairLogits.data[k * J + j] as number)),
          ),
        )
  const part = (count: number, firstInput: number): GateData => {
    const rowStart = [0]
    const persona: number[] = []
    const exemplar: number[] = []
    const logLikelihood: number[] = []
    const offset: number[] = []
    const inputOf = Int32Array.from({ length: count }, (_, record) => (firstInput + record) % options.inputs)
    for (const input of inputOf) {
      const trueK = categorical(random, Array.from(logPersonas(input), Math.exp))
      const trueJ = categorical(random, Array.from(logExemplars(input, trueK), Math.exp))
      const base = -40 + 5 * normal(random)
      const inclusion = Math.min(1, pairs / components)
      const chosen = systematicSample(random, new Float64Array(components).fill(inclusion))
      for (const component of chosen) {
        const [k, j] = [Math.floor(component / exemplarCount), component % exemplarCount]
        persona.push(K === 0 ? -1 : k)
        exemplar.push(J === 0 ? -1 : j)
        offset.push(-Math.log(inclusion))
        // Exemplars of the true one's topic explain the record nearly as well as it does.
        const related = J > 0 && j % topics === trueJ % topics ? 3 : 0
        logLikelihood.push(base + 1.5 * normal(random) + (K > 0 && k === trueK ? 4 : 0) + related)
      }
      rowStart.push(persona.length)
    }
    return {
      inputs: inputOf,
      rowStart: Int32Array.from(rowStart),
      persona: Int32Array.from(persona),
      exemplar: Int32Array.from(exemplar),
      logLikelihood: Float64Array.from(logLikelihood),
      offset: Float64Array.from(offset),
    }
  }
  const truth = (data: GateData): number => {
    let sum = 0
    data.inputs.forEach((input, record) => {
      const terms: number[] = []
      for (let c = data.rowStart[record] as number; c < (data.rowStart[record + 1] as number); c++) {
        const [k, j] = [Math.max(0, data.persona[c] as number), Math.max(0, data.exemplar[c] as number)]
        const weight = (logPersonas(input)[k] as number) + (logExemplars(input, k)[j] as number)
        terms.push(weight + (data.logLikelihood[c] as number) + (data.offset?.[c] ?? 0))
      }
      sum += logSumExp(terms)
    })
    return sum / data.inputs.length
  }
  const { records, validationRecords, freshInputs = false } = options
  return {
    train: part(records, 0),
    validation: part(validationRecords, freshInputs ? records : 0),
    test: part(validationRecords, freshInputs ? records + validationRecords : 0),
    truth,
    hx: inputs.vectors,
    hg: personas.vectors,
    he: exemplars.vectors,
    temperatures: [1],
    personaOffsets: new Float64Array(K).fill(-Math.log(Math.max(1, K))),
    exemplarOffsets: new Float64Array(J).fill(-Math.log(Math.max(1, J))),
    temperature: 1,
  }
}
