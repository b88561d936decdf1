export type { HashedEncoderOptions } from './encoder/hashed-encoder.ts'
export { createHashedEncoder } from './encoder/hashed-encoder.ts'
export type {
  FitLatentSemanticEncoderOptions,
  LatentSemanticEncoder,
  LatentSemanticState,
} from './encoder/latent-semantic-encoder.ts'
export { encoderFromState, fitLatentSemanticEncoder } from './encoder/latent-semantic-encoder.ts'
export type { ModelEncoder, ModelEncoderOptions } from './encoder/model-encoder.ts'
export { createModelEncoder } from './encoder/model-encoder.ts'
export type { ChatFormat, ChatPrompt, PromptSegments } from './engine/chat-format.ts'
export type { LoadLocalModelOptions } from './engine/local-model.ts'
export { loadLocalModel, LocalModel } from './engine/local-model.ts'
export { shippedModelPath } from './engine/model-file.ts'
export { ChatTemplateError } from './errors/chat-template-error.ts'
export { EncoderStateError } from './errors/encoder-state-error.ts'
export { EngineVersionError } from './errors/engine-version-error.ts'
export { ModelFileError } from './errors/model-file-error.ts'
export { createLocalGenerator } from './generator/local-generator.ts'
export type { Local } from './open-local.ts'
export { openLocal } from './open-local.ts'
export { createLocalScorer } from './scorer/local-scorer.ts'
export type { LocalServer, LocalServerOptions } from './server/local-server.ts'
export { createLocalServer } from './server/local-server.ts'
