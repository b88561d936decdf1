export type { LoadedMixture, LoadMixtureOptions } from './artifact/load-mixture.ts'
export { loadMixture } from './artifact/load-mixture.ts'
export type { SaveMixtureOptions } from './artifact/save-mixture.ts'
export { saveMixture } from './artifact/save-mixture.ts'
export { ArtifactError } from './errors/artifact-error.ts'
export { EncoderMismatchError } from './errors/encoder-mismatch-error.ts'
export { InvalidArgumentError } from './errors/invalid-argument-error.ts'
export { MopError } from './errors/mop-error.ts'
export type { RecordErrorCode, RecordPlace } from './errors/record-error.ts'
export { RecordError } from './errors/record-error.ts'
export type { Exemplar } from './exemplar/exemplar.ts'
export { exemplarText } from './exemplar/exemplar.ts'
export type { ExemplarPool, SelectExemplarsOptions, StratumReport } from './exemplar/select-exemplars.ts'
export { selectExemplars } from './exemplar/select-exemplars.ts'
export type { StrataOptions } from './exemplar/strata.ts'
export type { FitOptions, FitProgress } from './fit/fit-options.ts'
export { defaultTemperatures } from './fit/fit-options.ts'
export type { FitPhase, FitReport, HeldOutFigure, HeldOutGain } from './fit/fit-report.ts'
export type { RecordSplit, SplitOptions } from './fit/split-records.ts'
export { splitRecords } from './fit/split-records.ts'
export { BoundMixture, bindEncoder } from './mixture/bound-mixture.ts'
export type { Draw, WeightedComponent } from './mixture/draw.ts'
export type { EncoderReference, MixtureParts, MixtureProvenance } from './mixture/mixture.ts'
export { Mixture } from './mixture/mixture.ts'
export type { KMeansOptions, KMeansResult } from './numeric/k-means.ts'
export { kMeans } from './numeric/k-means.ts'
export type { Persona, PersonaProvenance } from './persona/persona.ts'
export type { ChatMessage } from './ports/chat-message.ts'
export type { Encoder, EncodeResult } from './ports/encoder.ts'
export type {
  LikelihoodScorer,
  Score,
  ScoreOptions,
  ScoreRequest,
  ScoreResult,
} from './ports/likelihood-scorer.ts'
export type {
  GenerateOptions,
  GenerateRequest,
  GenerateResult,
  Generation,
  TextGenerator,
} from './ports/text-generator.ts'
export type { Usage } from './ports/usage.ts'
export { addUsage, noUsage } from './ports/usage.ts'
export type { PromptPair, PromptTemplate } from './prompt/prompt-template.ts'
export { chatTemplate, personaInstruction } from './prompt/prompt-template.ts'
export type { Random } from './random/random.ts'
export { createRandom } from './random/random.ts'
export { shuffle } from './random/shuffle.ts'
export { parseRecord, populationRecordSchema } from './record/parse-record.ts'
export type { PopulationRecord } from './record/population-record.ts'
export type { DrawMethod } from './sample/plan-draws.ts'
export type { SimulateOptions, SimulationInput } from './simulate/simulate.ts'
export { simulate } from './simulate/simulate.ts'
export type { SimulatedRow } from './simulate/simulated-row.ts'
