import type { Encoder, TextGenerator } from '@mop/core'
import { type EmbeddingModel, llamaIndexEncoder } from './llamaindex-encoder.ts'
import { llamaIndexGenerator, type LlamaIndexGeneratorOptions } from './llamaindex-generator.ts'
import type { ChatModel } from './mop-llm.ts'

export interface FromLlamaIndexOptions<ChatOptions extends object> extends Omit<
  LlamaIndexGeneratorOptions,
  'id'
> {
  /** Answers, and writes personas. Any `LLM`. */
  readonly llm: Pick<ChatModel<ChatOptions>, 'chat' | 'metadata'>
  /** Encodes. Any `BaseEmbedding`. */
  readonly embedding: EmbeddingModel
  /** The encoder's id, which a mixture asks for again. Default the embedding's `model`. */
  readonly encoderId?: string | undefined
  /** d′, where the embedding does not say it. */
  readonly dimension?: number | undefined
  /** The generator's id. Default `llm.metadata.model`. */
  readonly generatorId?: string | undefined
}

/**
 * LlamaIndex's models as the ports that a fit and a simulation need. There is no scorer among them: no class of the
 * framework gives the log-probability of a given text. Use `@mop/local`'s, or core's over a completions endpoint.
 * @throws InvalidArgumentError as `llamaIndexEncoder`.
 */
export function fromLlamaIndex<ChatOptions extends object>(
  options: FromLlamaIndexOptions<ChatOptions>,
): { readonly generator: TextGenerator; readonly encoder: Encoder } {
  const { llm, embedding, encoderId, dimension, generatorId, ...generating } = options
  return {
    generator: llamaIndexGenerator(llm, { id: generatorId, ...generating }),
    encoder: llamaIndexEncoder(embedding, { id: encoderId, dimension }),
  }
}
