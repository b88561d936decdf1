export { ContractViolationError } from '../errors/contract-violation-error.ts'
export type {
  AdapterCallOptions,
  AdapterCallResult,
  AdapterHarness,
  ModelCall,
  ScriptedModel,
} from './adapter-contract.ts'
export { adapterContract } from './adapter-contract.ts'
export type { ContractCase, Make } from './contract-case.ts'
export type { EncoderContractOptions } from './encoder-contract.ts'
export { encoderContract } from './encoder-contract.ts'
export type { ExampleMixtureOptions } from './example-mixture.ts'
export { exampleMixture } from './example-mixture.ts'
export { fakeEchoEndpoint } from './fake-echo-endpoint.ts'
export type { FakeEncoderOptions } from './fake-encoder.ts'
export { fakeEncoder } from './fake-encoder.ts'
export { fakeLikelihoodScorer } from './fake-likelihood-scorer.ts'
export { fakeTextGenerator } from './fake-text-generator.ts'
export type { LikelihoodScorerContractOptions } from './likelihood-scorer-contract.ts'
export { likelihoodScorerContract } from './likelihood-scorer-contract.ts'
export type { TextGeneratorContractOptions } from './text-generator-contract.ts'
export { textGeneratorContract } from './text-generator-contract.ts'
