import type { Encoder } from '@mop/core'
import { getLlama, LlamaLogLevel } from 'node-llama-cpp'
import type { Token } from 'node-llama-cpp'
import { defaultThreads } from '../engine/default-threads.ts'
import { identifyModelFile } from '../engine/model-file.ts'
import { ModelFileError } from '../errors/model-file-error.ts'
import { encodeWindows, windowSizeFor } from './encode-windows.ts'
import type { WindowModel } from './encode-windows.ts'

export interface ModelEncoder extends Encoder, AsyncDisposable {
  dispose(): Promise<void>
}

export interface ModelEncoderOptions {
  /** Tokens of a window, those that the model adds included. Default: what the model was trained on, at most 2,048. */
  readonly contextSize?: number
  /** Default: as for `loadLocalModel`. */
  readonly threads?: number
}

/**
 * Sentence embeddings from a GGUF embedding model (or the pooled states of any GGUF language model), pooled as the file says.
 * Texts are encoded one at a time, so a vector does not depend on its neighbours. A text longer than the context
 * is encoded in windows, whose unit vectors are averaged by their tokens, as `createOnnxEncoder` does.
 * @throws ModelFileError
 * @throws RangeError for a `contextSize` beyond what the model was trained on.
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
    const limit = model.trainContextSize
    // A context of node-llama-cpp refuses an input of its own size.
    const contextSize = windowSizeFor(options.contextSize, limit, 0) + 1
    const context = await model.createEmbeddingContext({
      contextSize,
      batchSize: contextSize,
      threads: options.threads ?? defaultThreads(model.size),
    })
    const addedTokens = context.calculateInputLength([])
    const boundary = model.tokens.bos ?? model.tokens.eos
    const windows: WindowModel = {
      dimension: model.embeddingVectorSize,
      windowSize: windowSizeFor(options.contextSize, limit, addedTokens),
      addedTokens,
      tokenize: (text) => model.tokenize(text),
      embed: async (tokens) => {
        // The context puts its tokens around anything but an empty list.
        const given = tokens.length === 0 && boundary !== null ? [boundary] : ([...tokens] as Token[])
        return (await context.getEmbeddingFor(given)).vector
      },
    }
    const dispose = async (): Promise<void> => {
      await context.dispose()
      await llama.dispose()
    }
    return {
      id: `local:${name}:embedding:${windows.windowSize}`,
      dimension: windows.dimension,
      encode: (texts, { signal } = {}) => encodeWindows(texts, windows, signal),
      dispose,
      [Symbol.asyncDispose]: dispose,
    }
  } catch (error) {
    await llama.dispose()
    throw error
  }
}
