import type { MetricResult } from '../result/metric-result.ts'
import type { EvaluationPortrait } from './portrait.ts'

export const evaluationVersion = 1

/** A figure with its groups, where groups were asked for. Plain data; infinities become null in JSON. */
export interface ReportedFigure extends MetricResult {
  /** The same figure for each group that real and simulated answers have. */
  readonly groups?: Readonly<Record<string, MetricResult>>
}

/** The figures of free texts, or of closed answers. */
export interface ReportedPart {
  /** Answers of the arm that were measured, and real ones. */
  readonly simulated: number
  readonly real: number
  /** Answers to closed questions that are none of the choices, and were left out. 0 for texts. */
  readonly unmatched: { readonly simulated: number; readonly real: number }
  readonly figures: readonly ReportedFigure[]
  /** Why figures are missing. */
  readonly notes: readonly string[]
}

/** Log-likelihoods of the held-out responses of `EvaluationReport.heldOut` under an arm, in nats. */
export interface ReportedLikelihoods {
  /** Of each response, in their order; null in JSON where one is impossible. */
  readonly ofEach: readonly number[]
  /** Of their mean, from the prompts drawn; see `LogLikelihood`. NaN, null in JSON, where it is not known. */
  readonly monteCarloError: number
  readonly monteCarloBias: number
}

export interface ArmReport {
  readonly name: string
  /** What of the population's records its prompts hold. */
  readonly uses: string
  /** What of the mixture it leaves out, where it is an ablation. */
  readonly ablates?: string
  readonly responses: number
  readonly calls: {
    /** One a response; a weighed closed answer is one for each choice, once for equal prompts. */
    readonly answers: number
    /** Beside the answers: a first step, likelihoods of records that are candidates to be shown. */
    readonly steps: number
    /** Real responses scored under the arm's prompts, once for equal ones; absent where none was asked for. */
    readonly scores?: number
    readonly inputTokens: number
    readonly outputTokens: number
  }
  /** Answers cut off at the limit of tokens. */
  readonly cutOff: number
  readonly likelihoods?: ReportedLikelihoods
  readonly texts?: ReportedPart
  readonly choices?: ReportedPart
}

/** What `evaluateArms` found, as data to keep. The same seed gives the same report where the generator keeps its promise of seeds. */
export interface EvaluationReport {
  readonly mop: 'evaluation'
  readonly version: typeof evaluationVersion
  readonly seed: number | string
  /** Responses of each arm. */
  readonly n: number
  readonly model: string
  /** Which the mixture was fitted with, and which embeds the responses. */
  readonly encoder: string
  readonly judge: string
  readonly template: string
  /** `of the mixture's draw` or the one that was set for all. */
  readonly temperature: number | "of the mixture's draw"
  /** Names of attributes, with commas between them. */
  readonly groups?: string
  /** How closed answers came about, where there are any: generated and counted, or weighed by the likelihood of each choice. */
  readonly closedAnswers?: 'counted' | 'weighed'
  /** Versions of what ran it, as they were given. */
  readonly environment?: Readonly<Record<string, string>>
  readonly records: {
    readonly used: number
    readonly free: number
    readonly closed: number
    readonly respondents: number
    /** Different inputs, and those that n sufficed to ask. */
    readonly inputs: number
    readonly inputsAsked: number
  }
  /** The free responses whose log-likelihood was taken, the same under every arm. */
  readonly heldOut?: {
    /** How many, of those whose input was asked. */
    readonly records: number
    readonly eligible: number
    /** Prompts of an arm for a response, on average. */
    readonly prompts: number
    /** Arms whose further prompts would take calls of their own, and the prompts that they answered with for a response on average. */
    readonly fewer?: { readonly arms: readonly string[]; readonly prompts: number }
    /** Tokens of a response on average, its end included. */
    readonly tokens: number
  }
  /** Proof that nothing of the mixture has seen a record that was used. */
  readonly split: {
    /** How many of each were compared with the records, by id, respondent and (free) text. */
    readonly against: {
      readonly exemplars: number
      readonly personaRecords: number
      readonly training: number
      /** Records of which the mixture holds digests: those it was fitted on. 0 where it holds none. */
      readonly fitted: number
    }
    /** The same of arms with a mixture of their own, where there are any, with the digest of its exemplars' ids. */
    readonly mixtures?: readonly {
      readonly arm: string
      readonly exemplars: number
      readonly personaRecords: number
      readonly fitted: number
      readonly digest: string
    }[]
    /** Records left out because they had been seen. */
    readonly dropped: number
    /** SHA-256 of the sorted ids, one a line. */
    readonly digests: {
      readonly records: string
      readonly exemplars: string
      readonly training?: string
    }
  }
  readonly arms: readonly ArmReport[]
  /** What answers and weights look like. Reports written before there were any have none. */
  readonly portrait?: EvaluationPortrait
  /** What a reader must know of the whole. */
  readonly notes: readonly string[]
}
