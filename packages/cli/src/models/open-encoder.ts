import { type Encoder, type EncoderReference, exemplarText, type PopulationRecord } from '@mop/core'
import type { MopConfig } from '../config/config-schema.ts'
import { UsageError } from '../errors/usage-error.ts'
import { type EncoderChoice, isEncoderOfFiles, parseEncoderUri } from './model-uri.ts'

export interface OpenedEncoder extends AsyncDisposable {
  /** `state` is what the artifact keeps to rebuild it; only of an encoder fitted on the records. */
  readonly encoder: Encoder & { readonly state?: unknown }
}

/** The encoder to reopen a mixture with: only files can be meant, what is fitted on records stands in the mixture. */
export function encoderFlag(
  flag: string | undefined,
  config: Pick<MopConfig, 'encoder'>,
): string | undefined {
  return (
    flag ?? (config.encoder !== undefined && isEncoderOfFiles(config.encoder) ? config.encoder : undefined)
  )
}

const nothingToClose = (): Promise<void> => Promise.resolve()

/**
 * @param records On whose texts an `lsa` encoder is fitted.
 * @throws UsageError for an unknown URI, what `@mop/local` throws for files that are no model.
 */
export async function openEncoder(uri: string, records: readonly PopulationRecord[]): Promise<OpenedEncoder> {
  const choice = parseEncoderUri(uri)
  const local = await import('@mop/local')
  if (choice.kind === 'lsa') {
    const texts = records.flatMap((record) => [record.input, exemplarText(record)])
    return { encoder: local.fitLatentSemanticEncoder(texts), [Symbol.asyncDispose]: nothingToClose }
  }
  if (choice.kind === 'hashed') {
    return { encoder: local.createHashedEncoder(), [Symbol.asyncDispose]: nothingToClose }
  }
  return openEmbeddingModel(choice)
}

/**
 * The encoder a mixture was fitted with: from the state it keeps, by its id, or from the files given.
 * @throws UsageError where only files can give it and none are given.
 */
export async function reopenEncoder(
  reference: EncoderReference,
  uri: string | undefined,
): Promise<OpenedEncoder> {
  const choice = uri === undefined ? undefined : parseEncoderUri(uri)
  if (choice?.kind === 'local' || choice?.kind === 'onnx') return openEmbeddingModel(choice)
  const local = await import('@mop/local')
  if (reference.state !== undefined) {
    return { encoder: local.encoderFromState(reference.state), [Symbol.asyncDispose]: nothingToClose }
  }
  const hashed = local.createHashedEncoder({ dimension: reference.dimension })
  if (hashed.id === reference.id) return { encoder: hashed, [Symbol.asyncDispose]: nothingToClose }
  throw new UsageError({
    message: `The mixture was fitted with the encoder ${reference.id}, which it does not contain.`,
    remedy: reference.id.startsWith('onnx:')
      ? 'Give the folder of the model with --encoder onnx:path/to/folder.'
      : 'Give the model file with --encoder local:path.gguf.',
  })
}

async function openEmbeddingModel({
  kind,
  path,
}: Extract<EncoderChoice, { path: string }>): Promise<OpenedEncoder> {
  const { createModelEncoder, createOnnxEncoder } = await import('@mop/local')
  const encoder = await (kind === 'onnx' ? createOnnxEncoder(path) : createModelEncoder(path))
  return { encoder, [Symbol.asyncDispose]: () => encoder.dispose() }
}
