import type { Encoder } from '@mop/core'
import { getLlama, LlamaLogLevel } from 'node-llama-cpp'
import { defaultThreads } from '../engine/default-threads.ts'
import { identifyModelFile } from '../engine/model-file.ts'
import { ModelFileError } from '../errors/model-file-error.ts'
import { unitVector } from './encode-texts.ts'

export interface ModelEncoder extends Encoder, AsyncDisposable {
  dispose(): Promise<void>
}

export interface ModelEncoderOptions {
  /** Tokens of a window. Default: what the model was trained on, at most 2,048. */
  readonly contextSize?: number
  /** Default: as for `loadLocalModel`. */
  readonly threads?: number
}

/**
 * Sentence embeddings from a GGUF embedding model (or the pooled states of any GGUF language model).
 * Texts are encoded one at a time, so a vector does not depend on its neighbours. A text longer than the context
 * is encoded in windows, whose unit vectors are averaged by their tokens.
 * @throws ModelFileError
 */
export async function createModelEncoder(
  path: string,
  options: ModelEncoderOptions = {},
): Promise<ModelEncoder> {
  const name = await identifyModelFile(path)
  const llama = await getLlama({
    gpu: false,
    build: 'never',
    logLevel: LlamaLogLevel.disabled,
    maxThreads: 0,
  })
  try {
    const model = await llama
      .loadModel({ modelPath: path, defaultContextFlashAttention: false })
      .catch((cause: unknown) => {
        throw new ModelFileError({
          path,
          problem: 'cannot be loaded',
          remedy: 'Give the path of a whole GGUF embedding model.',
          cause,
        })
      })
    const contextSize = options.contextSize ?? Math.min(model.trainContextSize, 2048)
    // Two tokens of room for the start and end tokens that some models add.
    const window = contextSize - 2
    const context = await model.createEmbeddingContext({
      contextSize,
      batchSize: contextSize,
      threads: options.threads ?? defaultThreads(model.size),
    })
    const dispose = async (): Promise<void> => {
      await context.dispose()
      await llama.dispose()
    }
    return {
      id: `local:${name}:embedding`,
      dimension: model.embeddingVectorSize,
      async encode(texts, { signal } = {}) {
        const embeddings: Float32Array[] = []
        let tokens = 0
        for (const text of texts) {
          signal?.throwIfAborted()
          const input = model.tokenize(text)
          tokens += input.length
          const sum = new Float32Array(model.embeddingVectorSize)
          for (let start = 0; start < input.length; start += window) {
            const part = input.slice(start, start + window)
            const { vector } = await context.getEmbeddingFor(part)
            const unit = unitVector(Float32Array.from(vector))
            for (const [index, value] of unit.entries())
              sum[index] = (sum[index] as number) + value * part.length
          }
          embeddings.push(unitVector(sum))
        }
        return {
          embeddings,
          usage: { calls: texts.length, inputTokens: tokens, outputTokens: 0, evaluatedTokens: tokens },
        }
      },
      dispose,
      [Symbol.asyncDispose]: dispose,
    }
  } catch (error) {
    await llama.dispose()
    throw error
  }
}
