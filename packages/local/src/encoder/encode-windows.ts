import type { EncodeResult } from '@mop/core'
import { unitVector } from './encode-texts.ts'

/** A model that embeds one window of tokens at a time. */
export interface WindowModel {
  /** d'. */
  readonly dimension: number
  /** Tokens of a window, the added ones included. */
  readonly windowSize: number
  /** Tokens that the model puts around those of the text, such as [CLS] and [SEP]. */
  readonly addedTokens: number
  /** Tokens of a text, without the added ones. */
  tokenize(text: string): readonly number[]
  /** A vector of any length for text tokens, the added ones put around them. None are given only where some are added. */
  embed(tokens: readonly number[]): Promise<ArrayLike<number>>
}

const defaultWindowLimit = 2048

/**
 * Tokens of a window: what is asked for, by default what the model takes, at most 2,048.
 * @throws RangeError for a window that holds no text or that the model cannot take.
 */
export function windowSizeFor(
  requested: number | undefined,
  modelLimit: number,
  addedTokens: number,
): number {
  const size = requested ?? Math.min(modelLimit, defaultWindowLimit)
  if (!Number.isInteger(size) || size <= addedTokens || size > modelLimit)
    throw new RangeError(
      `contextSize must be an integer from ${addedTokens + 1} to ${modelLimit}, which is what the model takes, not ${size}.`,
    )
  return size
}

/**
 * Encodes one text after another, each in windows of its own, so that a vector does not depend on its neighbours.
 * A text longer than a window becomes the mean of its windows' unit vectors, weighted by their text tokens. A text without
 * tokens is what the model makes of the added ones alone, or the constant unit vector where there are none.
 */
export async function encodeWindows(
  texts: readonly string[],
  model: WindowModel,
  signal: AbortSignal | undefined,
): Promise<EncodeResult> {
  const room = model.windowSize - model.addedTokens
  const embeddings: Float32Array[] = []
  let tokens = 0
  for (const text of texts) {
    signal?.throwIfAborted()
    const input = model.tokenize(text)
    const sum = new Float32Array(model.dimension)
    const windows = input.length > 0 ? Math.ceil(input.length / room) : Math.min(1, model.addedTokens)
    for (let index = 0; index < windows; index++) {
      signal?.throwIfAborted()
      const part = input.slice(index * room, (index + 1) * room)
      tokens += part.length + model.addedTokens
      const unit = unitVector(Float32Array.from(await model.embed(part)))
      const weight = Math.max(1, part.length)
      for (const [at, value] of unit.entries()) sum[at] = (sum[at] as number) + value * weight
    }
    embeddings.push(unitVector(sum))
  }
  return {
    embeddings,
    usage: { calls: texts.length, inputTokens: tokens, outputTokens: 0, evaluatedTokens: tokens },
  }
}
