import type { GgufValue } from './gguf-file.ts'
import type { TokenizerMetadata } from './tokenizer-metadata.ts'

/** Token types of llama.cpp: `llama_token_type` in llama.h. */
const tokenType = { normal: 1, unknown: 2, control: 3, 'user-defined': 4, byte: 6 } as const

const space = '\u2581'
const characters = [
  ...`${space}etaoinshrdlucmfwypvbgkjqxzETAOINSHRDLUCMFWYPVBGKJQXZ0123456789.,;:!?'"-()[]/<>_|\n`,
]

export interface SentencePieceOptions {
  /** Whether texts get a space before them: Llama 2's do, Gemma's do not. Default true. */
  readonly spacePrefix?: boolean | undefined
  /** Type of the tokens of Gemma's turns. Default `control`; some files have `user-defined`, which llama.cpp finds in any text. */
  readonly turnTokens?: 'control' | 'user-defined' | undefined
}

/**
 * Llama's: unknown, begin and end, 256 byte tokens to fall back on, the tokens of Gemma's turns, then characters and random
 * merges of them with falling scores, up to the size asked for.
 */
export function sentencePieceTokenizer(
  size: number,
  random: () => number,
  { spacePrefix = true, turnTokens = 'control' }: SentencePieceOptions = {},
): TokenizerMetadata {
  const hexadecimal = (byte: number): string => byte.toString(16).toUpperCase().padStart(2, '0')
  const bytes = Array.from({ length: 256 }, (_, byte) => `<0x${hexadecimal(byte)}>`)
  const tokens = ['<unk>', '<s>', '</s>', ...bytes, '<start_of_turn>', '<end_of_turn>']
  const types: number[] = [
    tokenType.unknown,
    tokenType.control,
    tokenType.control,
    ...bytes.map(() => tokenType.byte),
    tokenType[turnTokens],
    tokenType[turnTokens],
  ]
  const scores = tokens.map(() => 0)
  const pieces = [...characters, space + space, '\n\n']
  const known = new Set(pieces)
  while (tokens.length + pieces.length < size) {
    const left = random() < 0.3 ? space : (pieces[Math.floor(random() * Math.min(pieces.length, 60))] ?? 'e')
    const right = characters[1 + Math.floor(random() * 14)] ?? 'e'
    if (known.has(left + right)) continue
    known.add(left + right)
    pieces.push(left + right)
  }
  for (const [rank, piece] of pieces.entries()) {
    tokens.push(piece)
    types.push(tokenType.normal)
    scores.push(-rank)
  }
  const metadata: [string, GgufValue][] = [
    ['tokenizer.ggml.model', ['string', 'llama']],
    ['tokenizer.ggml.pre', ['string', 'default']],
    ['tokenizer.ggml.tokens', ['strings', tokens]],
    ['tokenizer.ggml.scores', ['float32s', scores]],
    ['tokenizer.ggml.token_type', ['int32s', types]],
    ['tokenizer.ggml.unknown_token_id', ['uint32', 0]],
    ['tokenizer.ggml.bos_token_id', ['uint32', 1]],
    ['tokenizer.ggml.eos_token_id', ['uint32', 2]],
    ['tokenizer.ggml.add_bos_token', ['bool', true]],
    ['tokenizer.ggml.add_eos_token', ['bool', false]],
    ['tokenizer.ggml.add_space_prefix', ['bool', spacePrefix]],
  ]
  return { metadata, size: tokens.length }
}
