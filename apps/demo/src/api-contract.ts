/** What the page and the server say to each other: JSON under `/api`, and NDJSON (one event a line) where answers come one by one. */

/** Something that went wrong, in words that a person can act on. Every response that is not 2xx has one as its body. */
export interface Problem {
  readonly message: string
  /** What to do. */
  readonly remedy?: string | undefined
  /** Where it is known: the line (or row) of an uploaded file, and the field there. */
  readonly line?: number | undefined
  readonly field?: string | undefined
}

/** `GET /api/status` */
export interface Status {
  readonly engine: Engine
  readonly limits: Limits
  /** The shipped one first, then uploaded ones, newest last. */
  readonly populations: readonly PopulationSummary[]
}

/** Which language model answers. */
export interface Engine {
  readonly kind: 'embedded' | 'remote'
  readonly model: string
  /** Of a remote one: where it is, without user, password or query. */
  readonly baseUrl?: string | undefined
  /** Always the embedded model: it gives likelihoods, and what is learned with it moves to another. */
  readonly scorer: string
}

export interface Limits {
  readonly uploadBytes: number
  readonly records: number
  /** Of one question. */
  readonly answers: number
  readonly questionCharacters: number
}

export interface PopulationSummary {
  readonly id: string
  readonly name: string
  readonly shipped: boolean
  readonly records: number
  /** Distinct respondents named in the records; 0 where none is. */
  readonly respondents: number
  readonly closedAnswers: number
  /** What a person should know of the file, in sentences. */
  readonly notes: readonly string[]
  /** The most asked first; at most 60. */
  readonly questions: readonly Question[]
  /** The first few records. */
  readonly sample: readonly SampleRecord[]
  readonly hasMixture: boolean
  /** The last fit, whatever became of it. */
  readonly fit?: FitState | undefined
}

export interface Question {
  readonly input: string
  readonly records: number
  readonly choices?: readonly string[] | undefined
}

export interface SampleRecord {
  readonly input: string
  readonly output: string
  readonly attributes?: Readonly<Record<string, string | number | boolean>> | undefined
}

/** `GET /api/populations/:id/mixture`; 404 without one. `…/mixture.json` is the artifact as a download. */
export interface MixtureSummary {
  readonly personas: readonly PersonaSummary[]
  readonly exemplars: number
  readonly encoder: string
  readonly scorer: string
  readonly records: { readonly train: number; readonly validation: number; readonly heldOut: number }
  readonly gate: 'constant' | 'contextual'
  /** Nats per held-out record. */
  readonly heldOut: Readonly<Record<'bare' | 'uniform' | 'constant' | 'mixture', HeldOut>>
  readonly gainOver: Readonly<Record<'bare' | 'uniform' | 'constant', Gain>>
  /** What a draw can be conditioned on. */
  readonly attributes: readonly { readonly name: string; readonly values: readonly string[] }[]
  /** What the artifact says of people. */
  readonly contains: readonly string[]
  readonly warnings: readonly string[]
}

export interface PersonaSummary {
  readonly id: string
  readonly text: string
  /** Share of the training records that it explains. */
  readonly size: number
  /** τ, at which it answers. */
  readonly temperature: number
}

export interface HeldOut {
  readonly perRecord: number
  readonly standardError: number
}

export interface Gain {
  readonly mean: number
  readonly interval: readonly [number, number]
}

/** `POST /api/populations?name=people.csv`, the file as the body -> 201 PopulationSummary. `DELETE /api/populations/:id` -> 204. */

/** A member of this group only: attribute -> value. */
export type Given = Readonly<Record<string, string>>

/** `POST /api/populations/:id/weights` */
export interface WeightsRequest {
  readonly input: string
  readonly given?: Given | undefined
}

export interface Weights {
  /** π(x), in the order of the personas. */
  readonly personas: readonly number[]
  /** exp of their entropy. */
  readonly effectivePersonas: number
  /** The heaviest (persona, exemplar) pairs; at most 8. */
  readonly components: readonly WeightedPair[]
}

export interface WeightedPair {
  readonly persona: string
  readonly exemplar?: { readonly input: string; readonly output: string } | undefined
  readonly weight: number
}

/** `POST /api/populations/:id/prompt`: what the model is shown for one draw. */
export interface PromptRequest extends WeightsRequest {
  readonly seed: number
}

export interface DrawnPromptView {
  readonly messages: readonly { readonly role: 'system' | 'user' | 'assistant'; readonly content: string }[]
  readonly draw: DrawView
}

/** A draw as adapters report it: ids, no texts. */
export interface DrawView {
  readonly personas: readonly string[]
  readonly exemplars: readonly string[]
  readonly probability: number
  readonly temperature: number
  readonly seed: number | string
}

/** `POST /api/populations/:id/ask` -> AskEvent, one a line. */
export interface AskRequest extends WeightsRequest {
  /** Makes it a closed question. */
  readonly choices?: readonly string[] | undefined
  /** Answers of each side, from 1 to `Limits.answers`. */
  readonly n: number
  readonly seed: number
}

export type Side = 'bare' | 'mixture'
export type Who = 'population' | Side

export type AskEvent =
  | AnswerEvent
  | { readonly type: 'picture'; readonly picture: ChoicePicture | MapPicture }
  | EndEvent

export interface AnswerEvent {
  readonly type: 'answer'
  readonly side: Side
  /** From 0, of its side; answers come in any order. */
  readonly index: number
  readonly text: string
  readonly persona?: string | undefined
  readonly temperature: number
  /** The limit of tokens was reached. */
  readonly cutOff: boolean
}

/** The last line of every stream. */
export type EndEvent =
  | { readonly type: 'done'; readonly seconds: number }
  | { readonly type: 'failed'; readonly problem: Problem }

/** Of a closed question. */
export interface ChoicePicture {
  readonly kind: 'choices'
  readonly choices: readonly string[]
  readonly rows: readonly ChoiceRow[]
  /** Total variation to the population's row; absent where nobody in the records was asked this. */
  readonly distance?: Readonly<Record<Side, number>> | undefined
}

export interface ChoiceRow {
  readonly who: Who
  /** In the order of `choices`; sum to 1. */
  readonly probabilities: readonly number[]
  /** 95%. */
  readonly intervals: readonly { readonly lower: number; readonly upper: number }[]
  /** `likelihoods`: the model's probability of each choice, weighed by the mixture. `counted`: answers matched to choices. */
  readonly how: 'likelihoods' | 'counted'
  /** Answers that were counted. */
  readonly n: number
  /** Share of answers that are none of the choices; left out of the probabilities. */
  readonly unmatchedShare: number
}

/** Of a question in free text: responses in the plane in which they differ most (principal components of their embeddings). */
export interface MapPicture {
  readonly kind: 'map'
  readonly points: readonly {
    readonly who: Who
    readonly x: number
    readonly y: number
    readonly text: string
  }[]
  /** Share of the variance of the embeddings that the plane keeps. */
  readonly explained: number
  readonly figures: readonly MapFigure[]
  /** Energy distance that a simulation of this size has on average where it is of the population's own distribution. */
  readonly floor?: number | undefined
  /** `question`: the records answer this very question. `population`: nobody was asked it, so any records are shown. */
  readonly real: 'question' | 'population'
}

export interface MapFigure {
  readonly who: Who
  readonly n: number
  /** Share of the responses that are different texts. */
  readonly distinct: number
  /** Mean cosine distance of two responses. */
  readonly spread: number
  /** Energy distance of embeddings to the population's; absent for the population itself. */
  readonly distance?: number | undefined
}

/** `POST /api/populations/:id/fit` starts or resumes -> 202 FitState; `GET` the state; `POST …/fit/cancel` -> FitState. */
export interface FitRequest {
  /** How many to synthesise from the records; `given`: those that come with the shipped population. */
  readonly personas: number | 'given'
  readonly exemplars: number
  readonly rounds: number
  /** Components drawn for each record in a round. */
  readonly pairs: number
  /** At most so many records, whole respondents. */
  readonly records: number
  readonly seed: number
}

export interface FitState {
  readonly status: 'running' | 'cancelled' | 'failed' | 'done'
  readonly request: FitRequest
  /** What is going on, in words. */
  readonly progress?: { readonly label: string; readonly done: number; readonly total: number } | undefined
  /** Likelihoods in the table: kept whatever happens, and not computed again by the same request. */
  readonly likelihoods: number
  /** At most so many are needed. */
  readonly likelihoodsNeeded?: number | undefined
  /** Since it was started or resumed. */
  readonly seconds: number
  readonly problem?: Problem | undefined
}

export const frameworks = ['langchain', 'ai-sdk', 'llamaindex'] as const
export type Framework = (typeof frameworks)[number]

/** `GET /api/adapters/:framework/source`: the file that runs, as it is on disk. */
export interface AdapterSource {
  readonly framework: Framework
  /** Relative to the repository. */
  readonly file: string
  readonly text: string
  /** Name and version of the framework's packages that are installed. */
  readonly packages: readonly string[]
}

/** `POST /api/adapters/:framework/run` -> AdapterEvent, one a line. */
export interface AdapterRequest {
  readonly population: string
  readonly input: string
  readonly seed: number
  readonly given?: Given | undefined
}

export type AdapterEvent =
  | { readonly type: 'piece'; readonly text: string }
  | { readonly type: 'answered'; readonly text: string; readonly draw: DrawView; readonly persona: string }
  | EndEvent
