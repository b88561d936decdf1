import type { EmbeddingsInterface } from '@langchain/core/embeddings'
import type { BaseMessage } from '@langchain/core/messages'
import { type Encoder, InvalidArgumentError, type LikelihoodScorer, type TextGenerator } from '@mop/core'
import { langChainEncoder } from './langchain-encoder.ts'
import { langChainGenerator } from './langchain-generator.ts'
import { type CompletionModel, langChainScorer, type LangChainScorerOptions } from './langchain-scorer.ts'
import type { ModelAt } from './model-at.ts'

/** Models of LangChain, any of the three, and what their ports need to know. */
export interface LangChainModels extends Omit<LangChainScorerOptions, 'id' | 'concurrency'> {
  /** Chat model, for simulating. A function is given temperature, seed and length: see `ModelAt`. */
  readonly model?: ModelAt<BaseMessage>
  readonly embeddings?: EmbeddingsInterface
  /** Completion model that echoes log-probabilities, for fitting: see `langChainScorer`. */
  readonly completionModel?: CompletionModel
  /** Names of the models. Default: the `model` of their objects, such as `text-embedding-3-small`. */
  readonly ids?: Partial<Record<'model' | 'embeddings' | 'completionModel', string>>
  /** Length of an embedding. Default: measured by embedding one word. */
  readonly dimension?: number
  /** Requests of each model at the same time. Default 4 to generate, 2 to score. */
  readonly concurrency?: number
}

/** The ports of the models that were given. */
export type LangChainPorts<Given extends LangChainModels> = (Given extends { readonly model: object }
  ? { readonly generator: TextGenerator }
  : unknown) &
  (Given extends { readonly embeddings: object } ? { readonly encoder: Encoder } : unknown) &
  (Given extends { readonly completionModel: object } ? { readonly scorer: LikelihoodScorer } : unknown)

/**
 * Models of LangChain as the ports of core: a `fit` runs with the objects that a program has already.
 * @throws InvalidArgumentError for a model without a name of its own, where `ids` gives none.
 */
export async function fromLangChain<const Given extends LangChainModels>(
  given: Given,
): Promise<LangChainPorts<Given>> {
  const { model, embeddings, completionModel, ids = {}, dimension, concurrency, ...scoring } = given
  const ports = {
    ...(model !== undefined && {
      generator: langChainGenerator(model, { id: ids.model ?? nameOf('model', model), concurrency }),
    }),
    ...(embeddings !== undefined && {
      encoder: await langChainEncoder(embeddings, {
        id: ids.embeddings ?? nameOf('embeddings', embeddings),
        dimension,
      }),
    }),
    ...(completionModel !== undefined && {
      scorer: langChainScorer(completionModel, {
        id: ids.completionModel ?? nameOf('completionModel', completionModel),
        concurrency,
        ...scoring,
      }),
    }),
  }
  return ports as LangChainPorts<Given>
}

/** As integrations of LangChain hold it. Names of classes would change with a bundler. */
function nameOf(argument: string, model: object): string {
  const name: unknown = Reflect.get(model, 'model') ?? Reflect.get(model, 'modelName')
  if (typeof name === 'string' && name !== '') return name
  throw new InvalidArgumentError({
    argument: `ids.${argument}`,
    expected: 'given where the model does not tell its name',
    found: 'none',
    remedy: 'Name model and version: likelihoods and mixtures are kept under it.',
  })
}
