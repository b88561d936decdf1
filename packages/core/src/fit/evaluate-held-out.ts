import { UnexplainedRecordError } from '../errors/unexplained-record-error.ts'
import type { LikelihoodTable } from '../likelihood/likelihood-table.ts'
import { logSumExp } from '../numeric/log-sum-exp.ts'
import { meanAndStandardError } from '../numeric/mean-and-standard-error.ts'
import { scoreOf } from './build-gate-data.ts'
import { componentAt, type FitData } from './fit-data.ts'
import type { HeldOutFigure } from './fit-report.ts'
import type { ReplicateDraws } from './held-out-draws.ts'
import { temperatureInterpolation } from './temperature-interpolation.ts'

/** One way to weigh the components. */
export interface Arm {
  /** log weight of every component for an input under a mask, K · max(1, J) values. */
  readonly logWeights: (input: number, masked: readonly number[]) => Float64Array
  /** log τ_k, K values. */
  readonly logTemperatures: ArrayLike<number>
}

export interface HeldOutRecords {
  /** Index of each held-out record. */
  readonly records: readonly number[]
  readonly weights: Float64Array
  /** Tokens of each response, the end of the answer included. */
  readonly tokens: Float64Array
}

/** log p̂(y_i | x_i) of each held-out record: from all replicates, and from all but one of them. */
export interface ArmEstimates {
  readonly all: Float64Array
  /** Empty where there is but one replicate. */
  readonly leaveOneOut: readonly Float64Array[]
}

/**
 * p̂ = mean over replicates of Σ_drawn weight · p / inclusion: unbiased for p(y | x) under each arm, with the same draws for
 * all arms, so that their differences are paired. Its logarithm lies below log p by about half its squared
 * relative error. Throws UnexplainedRecordError for a record that is impossible under every component drawn for it.
 */
export function estimateArm(
  arm: Arm,
  data: FitData,
  draws: readonly ReplicateDraws[],
  table: LikelihoodTable,
  heldOut: HeldOutRecords,
): ArmEstimates {
  const width = Math.max(1, data.exemplars.length)
  const { temperatures } = table.header
  const perReplicate = draws.map(() => new Float64Array(heldOut.records.length).fill(-Infinity))
  for (const [position, record] of heldOut.records.entries()) {
    const item = data.itemOfRecord[record] as number
    const masked = data.maskOfRecord[record] ?? []
    const logWeights = arm.logWeights(data.inputOfItem[item] as number, masked)
    for (const [replicate, drawn] of draws.entries()) {
      const terms = (drawn.get(item) ?? []).map(({ component, inclusion }) => {
        const weight = logWeights[component] as number
        if (weight === -Infinity) return -Infinity
        const { persona, exemplar } = componentAt(data, component)
        const scores = scoreOf(data, table, item, persona, exemplar)
        return (
          weight +
          at(temperatures, scores, arm.logTemperatures[Math.floor(component / width)] as number) -
          Math.log(inclusion)
        )
      })
      const estimates = perReplicate[replicate] as Float64Array
      estimates[position] = logSumExp(terms)
    }
    if (perReplicate.every((estimates) => estimates[position] === -Infinity)) {
      throw new UnexplainedRecordError({
        record: data.records[record]?.id ?? String(record),
        candidates: draws.reduce((sum, drawn) => sum + (drawn.get(item)?.length ?? 0), 0),
      })
    }
  }
  return {
    all: logMean(perReplicate),
    leaveOneOut:
      perReplicate.length < 2
        ? []
        : perReplicate.map((_, left) => logMean(perReplicate.filter((__, replicate) => replicate !== left))),
  }
}

/** log p(y_i | x_i) of the bare model, at one temperature. */
export function estimateBare(
  data: FitData,
  table: LikelihoodTable,
  records: readonly number[],
  temperature: number,
): Float64Array {
  return Float64Array.from(records, (record) => {
    const scores = scoreOf(data, table, data.itemOfRecord[record] as number, -1, -1)
    return at(table.header.temperatures, scores, Math.log(temperature))
  })
}

export function figureOf(
  estimates: ArmEstimates,
  heldOut: HeldOutRecords,
  temperature: number,
): HeldOutFigure {
  const { weights, tokens } = heldOut
  const { mean, standardError } = meanAndStandardError(estimates.all, weights)
  const meanTokens = meanAndStandardError(tokens, weights).mean
  const leftOut = estimates.leaveOneOut.map((values) => meanAndStandardError(values, weights).mean)
  const center = leftOut.reduce((sum, value) => sum + value, 0) / Math.max(1, leftOut.length)
  const squares = leftOut.reduce((sum, value) => sum + (value - center) ** 2, 0)
  return {
    perRecord: mean,
    perToken: mean / meanTokens,
    standardError,
    // Jackknife (Efron 1982): (R − 1) / R · Σ (left-out estimate − their mean)².
    monteCarloError: leftOut.length < 2 ? 0 : Math.sqrt(((leftOut.length - 1) / leftOut.length) * squares),
    monteCarloBias: leftOut.length < 2 ? 0 : (leftOut.length - 1) * (center - mean),
    temperature,
  }
}

function at(temperatures: readonly number[], scores: Float64Array, logTemperature: number): number {
  const interpolation = temperatureInterpolation(temperatures, scores)
  return interpolation.value(0, interpolation.at(logTemperature))
}

function logMean(rows: readonly Float64Array[]): Float64Array {
  return Float64Array.from(
    rows[0] ?? [],
    (_, position) => logSumExp(rows.map((row) => row[position] as number)) - Math.log(rows.length),
  )
}
