import { PeerPackageError } from '../errors/peer-package-error.ts'

export interface TransformersTensor {
  readonly type: string
  readonly dims: readonly number[]
  readonly data: unknown
}

export interface TransformersTokenizer {
  encode(text: string, options: { readonly add_special_tokens: boolean }): readonly number[]
  readonly model_max_length: number
  readonly all_special_tokens: readonly string[]
}

/** Inputs and outputs are tensors by name. */
export interface TransformersModel {
  (inputs: Readonly<Record<string, TransformersTensor>>): Promise<Readonly<Record<string, unknown>>>
  dispose(): Promise<unknown>
}

export interface TransformersModelOptions {
  readonly local_files_only: true
  readonly device: 'cpu'
  /** `fp32` adds nothing to the file name, whatever the weights of the file are. */
  readonly dtype: 'fp32'
  readonly subfolder: string
  /** Without `.onnx`. */
  readonly model_file_name: string
  /** The runtime finds the files with the weights by itself. */
  readonly use_external_data_format: false
  readonly session_options: { readonly intraOpNumThreads: number }
}

/** What is used of `@huggingface/transformers`, 4.3 or newer. */
export interface TransformersModule {
  readonly AutoTokenizer: {
    from_pretrained(
      folder: string,
      options: { readonly local_files_only: true },
    ): Promise<TransformersTokenizer>
  }
  readonly AutoModel: {
    from_pretrained(folder: string, options: TransformersModelOptions): Promise<TransformersModel>
  }
  readonly Tensor: new (
    type: 'int64',
    data: BigInt64Array,
    dims: readonly [number, number],
  ) => TransformersTensor
}

const packageName = '@huggingface/transformers'

/**
 * Loads transformers.js, if it is installed where this package finds it.
 * @param load Imports it.
 * @throws PeerPackageError
 */
export async function importTransformers(
  load: () => Promise<unknown> = () => import('@huggingface/transformers'),
): Promise<TransformersModule> {
  const refuse = (problem: string, cause?: unknown): PeerPackageError =>
    new PeerPackageError({
      packageName,
      feature: 'ONNX encoders',
      problem,
      // The install script of onnxruntime-node downloads CUDA libraries on Linux; nothing here needs a script.
      command: `npm install --ignore-scripts ${packageName}@4`,
      cause,
    })
  const found = await load().catch((cause: unknown) => {
    throw refuse(isMissing(cause) ? 'is not installed' : `cannot be loaded (${messageOf(cause)})`, cause)
  })
  const missing = ['AutoTokenizer', 'AutoModel', 'Tensor'].find((name) => !(name in Object(found)))
  if (missing !== undefined) throw refuse(`has no ${missing} in the installed version`)
  return found as TransformersModule
}

/** Whether it is the package itself that is not found, rather than a part of it. */
function isMissing(error: unknown): boolean {
  return (
    Reflect.get(Object(error), 'code') === 'ERR_MODULE_NOT_FOUND' &&
    messageOf(error).includes(`'${packageName}'`)
  )
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
