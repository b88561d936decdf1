import type { Encoder } from '@mop/core'
import { defaultThreads } from '../engine/default-threads.ts'
import { OnnxModelError } from '../errors/onnx-model-error.ts'
import { encodeWindows, windowSizeFor } from './encode-windows.ts'
import type { WindowModel } from './encode-windows.ts'
import { readOnnxFolder, statedPooling } from './onnx-folder.ts'
import type { OnnxFolder } from './onnx-folder.ts'
import { poolStates, tokenStates } from './onnx-states.ts'
import { textTokens, tokenLimit, tokensAround } from './onnx-tokenizer.ts'
import { importTransformers } from './transformers-module.ts'
import type { TransformersModel, TransformersModule, TransformersTokenizer } from './transformers-module.ts'

/** How the states of a text's tokens become one vector: their mean, the first, or the last. */
export type OnnxPooling = 'mean' | 'cls' | 'last_token'

export interface OnnxEncoder extends Encoder, AsyncDisposable {
  dispose(): Promise<void>
}

export interface OnnxEncoderOptions {
  /** Default: what `1_Pooling/config.json` in the folder says, `mean` where there is none. */
  readonly pooling?: OnnxPooling
  /** Tokens of a window, those that the tokenizer adds included. Default: what the model takes, at most 2,048. */
  readonly contextSize?: number
  /** Default: as for `loadLocalModel`. */
  readonly threads?: number
}

/**
 * Sentence embeddings from an ONNX model in a local folder, run by the optional peer `@huggingface/transformers` (4.3 or newer)
 * on the processor. Nothing is downloaded, and nothing is written.
 *
 * The same choices as `createModelEncoder`: a text longer than the context is encoded in windows, whose unit vectors are averaged
 * by their tokens; names of control tokens in a text are text; each window runs alone and unpadded, so a vector is the same bit for
 * bit whatever else is in the call (in a padded batch the vectors of models with quantised activations depend on their neighbours).
 * Layers after the pooling, as few models have them, are not applied.
 * @param path Of a folder with `config.json`, `tokenizer.json`, `tokenizer_config.json` and `onnx/model.onnx` (or `model.onnx`),
 * or of one ONNX file in such a folder.
 * @throws OnnxModelError for a folder that lacks something or cannot be loaded.
 * @throws PeerPackageError where `@huggingface/transformers` is not installed.
 * @throws RangeError for a `contextSize` that the model cannot take.
 */
export async function createOnnxEncoder(
  path: string,
  options: OnnxEncoderOptions = {},
): Promise<OnnxEncoder> {
  const folder = await readOnnxFolder(path)
  return openOnnxEncoder(await importTransformers(), folder, options)
}

/** Opens a folder with a given transformers.js. */
export async function openOnnxEncoder(
  transformers: TransformersModule,
  folder: OnnxFolder,
  options: OnnxEncoderOptions,
): Promise<OnnxEncoder> {
  const pooling = options.pooling ?? (await poolingOf(folder))
  const { tokenizer, model } = await load(transformers, folder, options.threads)
  const dispose = async (): Promise<void> => {
    await model.dispose()
  }
  try {
    const around = tokensAround(tokenizer)
    if (around === undefined)
      throw cannotBeLoaded(folder, 'its tokenizer does not put control tokens around a text')
    const { before, after } = around
    const embed = async (tokens: readonly number[]): Promise<Float32Array> =>
      poolStates(
        await tokenStates(transformers, model, [...before, ...tokens, ...after], folder.folder),
        pooling,
      )
    const addedTokens = before.length + after.length
    const windows: WindowModel = {
      dimension: (await embed(textTokens(tokenizer, 'a'))).length,
      windowSize: windowSizeFor(options.contextSize, tokenLimit(tokenizer, folder.config), addedTokens),
      addedTokens,
      tokenize: (text) => textTokens(tokenizer, text),
      embed,
    }
    return {
      id: `onnx:${folder.name}:${pooling}:${windows.windowSize}`,
      dimension: windows.dimension,
      encode: (texts, { signal } = {}) => encodeWindows(texts, windows, signal),
      dispose,
      [Symbol.asyncDispose]: dispose,
    }
  } catch (error) {
    await dispose()
    throw error
  }
}

async function load(
  { AutoTokenizer, AutoModel }: TransformersModule,
  folder: OnnxFolder,
  threads: number | undefined,
): Promise<{ tokenizer: TransformersTokenizer; model: TransformersModel }> {
  try {
    // An absolute path and `local_files_only` keep transformers.js off the network; its settings, which others share, stay as they are.
    const tokenizer = await AutoTokenizer.from_pretrained(folder.folder, { local_files_only: true })
    const model = await AutoModel.from_pretrained(folder.folder, {
      local_files_only: true,
      device: 'cpu',
      dtype: 'fp32',
      subfolder: folder.subfolder,
      model_file_name: folder.modelFile,
      use_external_data_format: false,
      session_options: { intraOpNumThreads: threads ?? defaultThreads(folder.size) },
    })
    return { tokenizer, model }
  } catch (cause) {
    throw cannotBeLoaded(folder, cause instanceof Error ? cause.message : String(cause), cause)
  }
}

function cannotBeLoaded({ folder }: OnnxFolder, reason: string, cause?: unknown): OnnxModelError {
  return new OnnxModelError({
    path: folder,
    problem: `cannot be loaded (${reason})`,
    remedy: 'Compare its files with their source, or export the model again for feature extraction.',
    cause,
  })
}

const poolings: Readonly<Record<string, OnnxPooling>> = {
  mean: 'mean',
  mean_tokens: 'mean',
  cls: 'cls',
  cls_token: 'cls',
  lasttoken: 'last_token',
}

async function poolingOf(folder: OnnxFolder): Promise<OnnxPooling> {
  const stated = await statedPooling(folder)
  if (stated === undefined) return 'mean'
  const pooling = poolings[stated]
  if (pooling !== undefined) return pooling
  throw new OnnxModelError({
    path: folder.folder,
    problem: `pools its states by ${stated}, says 1_Pooling/config.json; there is only mean, cls and last_token`,
    remedy: 'Take another model, or give the option pooling to try one of the three.',
  })
}
