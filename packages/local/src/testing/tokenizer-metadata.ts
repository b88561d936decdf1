import type { GgufValue } from './gguf-file.ts'

/** A tokenizer as a model file holds it. */
export interface TokenizerMetadata {
  readonly metadata: readonly [string, GgufValue][]
  /** Tokens in its vocabulary. */
  readonly size: number
}
