export { MopError } from './errors/mop-error.ts'
export type { RecordErrorCode, RecordPlace } from './errors/record-error.ts'
export { RecordError } from './errors/record-error.ts'
export type { Exemplar } from './exemplar/exemplar.ts'
export { exemplarText } from './exemplar/exemplar.ts'
export type { ExemplarPool, SelectExemplarsOptions, StratumReport } from './exemplar/select-exemplars.ts'
export { selectExemplars } from './exemplar/select-exemplars.ts'
export type { StrataOptions } from './exemplar/strata.ts'
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
export { parseRecord, populationRecordSchema } from './record/parse-record.ts'
export type { PopulationRecord } from './record/population-record.ts'
