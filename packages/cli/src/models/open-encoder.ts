import { type Encoder, type EncoderReference, exemplarText, type PopulationRecord } from '@mop/core'
import type { MopConfig } from '../config/config-schema.ts'
import { UsageError } from '../errors/usage-error.ts'
import { parseEncoderUri } from './model-uri.ts'

export interface OpenedEncoder extends AsyncDisposable {
  /** `state` is what the artifact keeps to rebuild it; only of an encoder fitted on the records. */
  readonly encoder: Encoder & { readonly state?: unknown }
}

/** The encoder to reopen a mixture with: only a file can be meant, what is fitted on records stands in the mixture. */
export function encoderFlag(
  flag: string | undefined,
  config: Pick<MopConfig, 'encoder'>,
): string | undefined {
  return flag ?? (config.encoder?.startsWith('local:') === true ? config.encoder : undefined)
}

const nothingToClose = (): Promise<void> => Promise.resolve()

/**
 * @param records On whose texts an `lsa` encoder is fitted.
 * @throws UsageError for an unknown URI.
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
  return openEmbeddingModel(choice.path)
}

/**
 * The encoder a mixture was fitted with: from the state it keeps, by its id, or from the file given.
 * @throws UsageError where only a file can give it and none is given.
 */
export async function reopenEncoder(
  reference: EncoderReference,
  uri: string | undefined,
): Promise<OpenedEncoder> {
  const choice = uri === undefined ? undefined : parseEncoderUri(uri)
  if (choice?.kind === 'local') return openEmbeddingModel(choice.path)
  const local = await import('@mop/local')
  if (reference.state !== undefined) {
    return { encoder: local.encoderFromState(reference.state), [Symbol.asyncDispose]: nothingToClose }
  }
  const hashed = local.createHashedEncoder({ dimension: reference.dimension })
  if (hashed.id === reference.id) return { encoder: hashed, [Symbol.asyncDispose]: nothingToClose }
  throw new UsageError({
    message: `The mixture was fitted with the encoder ${reference.id}, which it does not contain.`,
    remedy: 'Give the model file with --encoder local:path.gguf.',
  })
}

async function openEmbeddingModel(path: string): Promise<OpenedEncoder> {
  const { createModelEncoder } = await import('@mop/local')
  const encoder = await createModelEncoder(path)
  return { encoder, [Symbol.asyncDispose]: () => encoder.dispose() }
}
