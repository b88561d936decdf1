import { UsageError } from '../errors/usage-error.ts'

/** A language model of the command line. */
export interface ModelReference {
  readonly engine: 'local'
  /** Of a GGUF file; undefined for the model that is shipped. */
  readonly path: string | undefined
}

/** An encoder of the command line; `lsa` is fitted on the population's own texts. */
export type EncoderChoice =
  | { readonly kind: 'lsa' }
  | { readonly kind: 'hashed' }
  /** A GGUF embedding model. */
  | { readonly kind: 'local'; readonly path: string }
  /** The folder of an ONNX model, or one ONNX file in it. */
  | { readonly kind: 'onnx'; readonly path: string }

/** @throws UsageError */
export function parseModelUri(uri: string): ModelReference {
  if (uri === 'local') return { engine: 'local', path: undefined }
  const path = /^local:(.+)$/s.exec(uri)?.[1]
  if (path !== undefined) return { engine: 'local', path }
  throw new UsageError({
    message: `There is no model ${JSON.stringify(uri)}.`,
    remedy: uri.endsWith('.gguf')
      ? `Write local:${uri} for a GGUF file.`
      : 'Write `local` for the shipped model or `local:path.gguf` for one of your own.',
  })
}

/** @throws UsageError */
export function parseEncoderUri(uri: string): EncoderChoice {
  if (uri === 'lsa' || uri === 'hashed') return { kind: uri }
  const [, kind, path] = /^(local|onnx):(.+)$/s.exec(uri) ?? []
  if (path !== undefined) return { kind: kind === 'onnx' ? 'onnx' : 'local', path }
  throw new UsageError({
    message: `There is no encoder ${JSON.stringify(uri)}.`,
    remedy: uri.endsWith('.gguf')
      ? `Write local:${uri} for a GGUF file.`
      : 'Write `lsa` (fitted on the records), `hashed`, or for an embedding model `local:path.gguf` or `onnx:path/to/folder`.',
  })
}

/** Whether an encoder lies in files of the user's, so that a mixture cannot hold it. */
export function isEncoderOfFiles(uri: string): boolean {
  return /^(?:local|onnx):/.test(uri)
}
