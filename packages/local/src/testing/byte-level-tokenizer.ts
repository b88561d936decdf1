import type { GgufValue } from './gguf-file.ts'
import type { TokenizerMetadata } from './tokenizer-metadata.ts'

const controlTokens = ['<|end|>', '<|system|>', '<|user|>', '<|assistant|>']

/** GPT-2's: the 256 byte symbols, then random merges up to the size asked for, then the tokens of `turnsTemplate`. */
export function byteLevelTokenizer(size: number, random: () => number): TokenizerMetadata {
  const printable = (byte: number): boolean =>
    (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || (byte >= 174 && byte <= 255)
  let unprintable = 0
  const symbols = Array.from({ length: 256 }, (_, byte) =>
    String.fromCodePoint(printable(byte) ? byte : 256 + unprintable++),
  )
  const letters = [...'etaoinshrdlucm', symbols[32] ?? '']
  const tokens = [...symbols]
  const known = new Set(tokens)
  const merges: string[] = []
  while (tokens.length < size - controlTokens.length) {
    const pool = merges.length < 60 ? letters : tokens.slice(256, 256 + Math.ceil(merges.length / 3))
    const left = pool[Math.floor(random() * pool.length)] ?? 'e'
    const right = letters[Math.floor(random() * (letters.length - 1))] ?? 'e'
    if (known.has(left + right)) continue
    known.add(left + right)
    tokens.push(left + right)
    merges.push(`${left} ${right}`)
  }
  const end = tokens.length
  tokens.push(...controlTokens)
  const metadata: [string, GgufValue][] = [
    ['tokenizer.ggml.model', ['string', 'gpt2']],
    ['tokenizer.ggml.pre', ['string', 'gpt-2']],
    ['tokenizer.ggml.tokens', ['strings', tokens]],
    ['tokenizer.ggml.token_type', ['int32s', tokens.map((_, index) => (index < end ? 1 : 3))]],
    ['tokenizer.ggml.merges', ['strings', merges]],
    ['tokenizer.ggml.eos_token_id', ['uint32', end]],
    ['tokenizer.ggml.add_bos_token', ['bool', false]],
  ]
  return { metadata, size: tokens.length }
}
