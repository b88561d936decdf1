import { logSumExp } from '../numeric/log-sum-exp.ts'
import { zeros } from '../numeric/matrix.ts'
import { bestTemperature } from './best-temperature.ts'
import type { BuiltGateData } from './build-gate-data.ts'
import { type ConstantMixture, solveConstantMixture } from './constant-mixture.ts'
import { temperatureInterpolation } from './temperature-interpolation.ts'

export interface ConstantGateFit {
  /** a: log-weights of the personas, K values. */
  readonly personaOffsets: Float64Array
  /** b: log-weights of the exemplars, J values. */
  readonly exemplarOffsets: Float64Array
  /** τ₀: the best single temperature under these weights on the training records. */
  readonly temperature: number
  /** The same for equal weights. */
  readonly uniformTemperature: number
  /** Of the persona weights given the exemplar weights: a concave problem, solved to this gap. */
  readonly solution: ConstantMixture
  readonly exemplarWeights: 'learned' | 'uniform'
}

/** Prior strengths tried for constant exemplar weights: pseudo-records per exemplar, in units of N / J. */
const priorStrengths = [3, 1, 0.3]

interface Shape {
  readonly personas: number
  readonly exemplars: number
  readonly temperatures: readonly number[]
}

/**
 * The best gate that does not look at the input: w_k v_j. Persona weights given exemplar weights are a concave problem,
 * solved to its optimum with exemplars alike; exemplar weights given persona weights are another, solved under a
 * Dirichlet prior and kept only where they help on the validation part. τ₀ is searched with equal weights first and again at the end.
 */
export function fitConstantGate(
  train: BuiltGateData,
  validation: BuiltGateData,
  shape: Shape,
): ConstantGateFit {
  const { personas, exemplars, temperatures } = shape
  const equal = new Float64Array(personas).fill(-Math.log(personas))
  const alike = new Float64Array(exemplars).fill(-Math.log(Math.max(1, exemplars)))
  const trainTerms = termsOf(train, temperatures)
  const uniformTemperature = bestTemperature(temperatures, (logTemperature) =>
    meanLogLikelihood(train, trainTerms, logTemperature, equal, alike),
  )
  const solvePersonas = (exemplarOffsets: Float64Array, temperature: number): ConstantMixture =>
    solveConstantMixture(personaTable(train, trainTerms, Math.log(temperature), exemplarOffsets, personas), {
      weights: train.weights,
      recordIds: train.recordIds,
    })
  let solution = solvePersonas(alike, uniformTemperature)
  const temperature = bestTemperature(temperatures, (logTemperature) =>
    meanLogLikelihood(train, trainTerms, logTemperature, solution.logWeights, alike),
  )
  if (temperature !== uniformTemperature) solution = solvePersonas(alike, temperature)
  const plain: ConstantGateFit = {
    personaOffsets: solution.logWeights,
    exemplarOffsets: alike,
    temperature,
    uniformTemperature,
    solution,
    exemplarWeights: 'uniform',
  }
  if (exemplars < 2) return plain
  const validationTerms = termsOf(validation, temperatures)
  const judge = (fit: ConstantGateFit): number =>
    meanLogLikelihood(
      validation,
      validationTerms,
      Math.log(fit.temperature),
      fit.personaOffsets,
      fit.exemplarOffsets,
    )
  let best = { fit: plain, value: judge(plain) }
  const records = train.weights.reduce((sum, weight) => sum + weight, 0)
  for (const strength of priorStrengths) {
    const exemplarSolution = solveConstantMixture(
      exemplarTable(train, trainTerms, Math.log(temperature), plain.personaOffsets, exemplars),
      {
        weights: train.weights,
        recordIds: train.recordIds,
        prior: 1 + (strength * records) / exemplars,
        tolerance: 1e-6,
      },
    )
    const exemplarOffsets = exemplarSolution.logWeights
    const personaSolution = solvePersonas(exemplarOffsets, temperature)
    const fit: ConstantGateFit = {
      ...plain,
      personaOffsets: personaSolution.logWeights,
      exemplarOffsets,
      solution: personaSolution,
      exemplarWeights: 'learned',
    }
    const value = judge(fit)
    if (value > best.value) best = { fit, value }
  }
  return best.fit
}

type Terms = ReturnType<typeof temperatureInterpolation>

function termsOf(data: BuiltGateData, temperatures: readonly number[]): Terms {
  return temperatureInterpolation(temperatures, data.logLikelihood)
}

/** log Σ_{j unmasked} v_j of each record: what the exemplar weights are renormalised by. */
function unmaskedMass(data: BuiltGateData, exemplarOffsets: Float64Array): Float64Array {
  return Float64Array.from(data.masked, (mask) => {
    if (exemplarOffsets.length === 0 || mask.length === 0) return 0
    const kept = exemplarOffsets.slice()
    for (const j of mask) kept[j] = -Infinity
    return logSumExp(kept)
  })
}

/** Calls `visit(record, candidate, log of exemplar weight × likelihood / inclusion)`. */
function forEachTerm(
  data: BuiltGateData,
  terms: Terms,
  logTemperature: number,
  exemplarOffsets: Float64Array,
  visit: (record: number, candidate: number, value: number) => void,
): void {
  const point = terms.at(logTemperature)
  const mass = unmaskedMass(data, exemplarOffsets)
  for (let record = 0; record < data.inputs.length; record += 1) {
    const end = data.rowStart[record + 1] as number
    for (let c = data.rowStart[record] as number; c < end; c += 1) {
      const j = data.exemplar[c] as number
      const weight = j < 0 ? 0 : (exemplarOffsets[j] as number) - (mass[record] as number)
      visit(record, c, weight + terms.value(c, point) + (data.offset[c] as number))
    }
  }
}

function meanLogLikelihood(
  data: BuiltGateData,
  terms: Terms,
  logTemperature: number,
  personaOffsets: Float64Array,
  exemplarOffsets: Float64Array,
): number {
  const perRecord: number[][] = Array.from(data.inputs, () => [])
  forEachTerm(data, terms, logTemperature, exemplarOffsets, (record, c, value) => {
    perRecord[record]?.push(value + (personaOffsets[data.persona[c] as number] as number))
  })
  let sum = 0
  let total = 0
  for (const [record, values] of perRecord.entries()) {
    if (data.weights[record] === 0) continue
    sum += (data.weights[record] as number) * logSumExp(values)
    total += data.weights[record] as number
  }
  return sum / total
}

function personaTable(
  data: BuiltGateData,
  terms: Terms,
  logTemperature: number,
  exemplarOffsets: Float64Array,
  personas: number,
): ReturnType<typeof zeros> {
  const table = zeros(data.inputs.length, personas)
  table.data.fill(-Infinity)
  forEachTerm(data, terms, logTemperature, exemplarOffsets, (record, c, value) => {
    addLog(table.data, record * personas + (data.persona[c] as number), value)
  })
  return table
}

function exemplarTable(
  data: BuiltGateData,
  terms: Terms,
  logTemperature: number,
  personaOffsets: Float64Array,
  exemplars: number,
): ReturnType<typeof zeros> {
  const table = zeros(data.inputs.length, exemplars)
  table.data.fill(-Infinity)
  const flat = new Float64Array(exemplars)
  forEachTerm(data, terms, logTemperature, flat, (record, c, value) => {
    const mass = Math.log(exemplars - (data.masked[record]?.length ?? 0))
    const joint = value + mass + (personaOffsets[data.persona[c] as number] as number)
    addLog(table.data, record * exemplars + (data.exemplar[c] as number), joint)
  })
  return table
}

function addLog(values: Float64Array, index: number, addend: number): void {
  const value = values[index] as number
  const larger = Math.max(value, addend)
  if (larger === -Infinity) return
  values[index] = larger + Math.log(Math.exp(value - larger) + Math.exp(addend - larger))
}
