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
  | { readonly kind: 'local'; readonly path: string }

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
  const path = /^local:(.+)$/s.exec(uri)?.[1]
  if (path !== undefined) return { kind: 'local', path }
  throw new UsageError({
    message: `There is no encoder ${JSON.stringify(uri)}.`,
    remedy: 'Write `lsa` (fitted on the records), `hashed`, or `local:path.gguf` for an embedding model.',
  })
}
