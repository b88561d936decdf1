import type { BrierScore } from '../choice/brier-score.ts'
import type { CalibrationBin } from '../choice/calibration.ts'

/** What a report's figures look like: data of its drawings, without a text that a person wrote. Plain data. */
export interface EvaluationPortrait {
  /** Missing where no arm's free answers were measured. */
  readonly map?: EmbeddingMap
  /** As `map`. */
  readonly cosines?: CosineShares
  /** The closed questions asked most, at most 12. Empty where no arm's closed answers were measured. */
  readonly answers: readonly AnswerShares[]
  /** Of each arm whose closed answers were measured. Reports written before there was any have none. */
  readonly calibration?: readonly ArmCalibration[]
  readonly weights: MeanWeights
}

/** How well an arm's shares of the choices forecast single real answers; see `calibration` and `brierScore`. */
export interface ArmCalibration {
  readonly arm: string
  /** Of the reliability diagram. */
  readonly bins: readonly CalibrationBin[]
  readonly brier: BrierScore
}

/** Of the real answers, or of an arm. */
interface Series {
  /** Absent for the real answers. */
  readonly arm?: string
}

/** The two leading principal components of real and simulated embeddings together. */
export interface EmbeddingMap {
  /** Shares of the variance of all points that the two axes show. */
  readonly explained: readonly [number, number]
  readonly series: readonly MapSeries[]
}

export interface MapSeries extends Series {
  /** Answers there are; where they are more than the points, these are a random sample of them. */
  readonly answers: number
  /** Coordinates along the first axis and along the second, in the encoder's units, five digits. */
  readonly x: readonly number[]
  readonly y: readonly number[]
}

/** How similar answers are to one another: the cosines of all pairs within a sample, as `klCosine` counts them. */
export interface CosineShares {
  /** Equal bins of [−1, 1]. */
  readonly bins: number
  readonly series: readonly CosineSeries[]
}

export interface CosineSeries extends Series {
  readonly pairs: number
  /** Of the pairs in each bin; they sum to 1. */
  readonly shares: readonly number[]
}

/** How one closed question was answered. */
export interface AnswerShares {
  /** Absent where questions with the same choices count as one. */
  readonly input?: string
  readonly choices: readonly string[]
  /** The real answers, then each arm that answered. */
  readonly series: readonly AnswerSeries[]
}

export interface AnswerSeries extends Series {
  /** Their total weight: their number where each weighs 1. */
  readonly weight: number
  /** Of each choice; they sum to 1. */
  readonly shares: readonly number[]
}

/** The mixture's weights, averaged over the responses that every arm was asked for. */
export interface MeanWeights {
  /** Different pairs of input and group. */
  readonly conditions: number
  /** All K, the heaviest first. */
  readonly personas: readonly PersonaWeight[]
  /** exp of the entropy of their weights. */
  readonly effectivePersonas: number
  /** The heaviest, at most 10, by id. */
  readonly exemplars: readonly { readonly id: string; readonly weight: number }[]
  /** exp of the entropy of the weights of all exemplars; 0 where there are none. */
  readonly effectiveExemplars: number
}

export interface PersonaWeight {
  /** Its text, which may quote records, stands in the mixture alone. */
  readonly id: string
  readonly weight: number
  /** τ_k. */
  readonly temperature: number
}
