import { writeFileSync } from 'node:fs'
import { encodeGguf } from './gguf-file.ts'
import type { GgufValue } from './gguf-file.ts'
import { mulberry32, normalWeights } from './random-weights.ts'

/** Shape of the random-weight language model that the tests of this package run on. */
export interface RandomModelOptions {
  readonly seed?: number
  readonly layers?: number
  readonly width?: number
  readonly heads?: number
  readonly hidden?: number
  readonly vocabulary?: number
  readonly contextSize?: number
  /** False leaves `tokenizer.chat_template` out. Default true. */
  readonly chatTemplate?: boolean
  /** Standard deviation of the logits. Default 2. */
  readonly sharpness?: number
}

const chatTemplate =
  "{% for message in messages %}{{ '<|' + message['role'] + '|>' + message['content'] + '<|end|>' }}{% endfor %}" +
  "{% if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}"

const specialTokens = ['<|end|>', '<|system|>', '<|user|>', '<|assistant|>']

/**
 * Writes a GGUF file of a llama-architecture model with random weights and a byte-level BPE tokenizer.
 */
export function writeRandomModel(path: string, options: RandomModelOptions = {}): void {
  const {
    seed = 1,
    layers = 2,
    width = 64,
    heads = 4,
    hidden = 128,
    vocabulary = 512,
    contextSize = 512,
  } = options
  const random = mulberry32(seed)
  const { tokens, merges } = byteLevelVocabulary(vocabulary, random)
  const end = tokens.length - specialTokens.length
  const metadata: [string, GgufValue][] = [
    ['general.architecture', ['string', 'llama']],
    ['general.name', ['string', 'random weights for tests']],
    ['general.file_type', ['uint32', 0]],
    ['llama.context_length', ['uint32', contextSize]],
    ['llama.embedding_length', ['uint32', width]],
    ['llama.block_count', ['uint32', layers]],
    ['llama.feed_forward_length', ['uint32', hidden]],
    ['llama.attention.head_count', ['uint32', heads]],
    ['llama.attention.head_count_kv', ['uint32', heads]],
    ['llama.attention.layer_norm_rms_epsilon', ['float32', 1e-5]],
    ['llama.rope.dimension_count', ['uint32', width / heads]],
    ['llama.rope.freq_base', ['float32', 10_000]],
    ['llama.vocab_size', ['uint32', tokens.length]],
    ['tokenizer.ggml.model', ['string', 'gpt2']],
    ['tokenizer.ggml.pre', ['string', 'gpt-2']],
    ['tokenizer.ggml.tokens', ['strings', tokens]],
    ['tokenizer.ggml.token_type', ['int32s', tokens.map((_, index) => (index < end ? 1 : 3))]],
    ['tokenizer.ggml.merges', ['strings', merges]],
    ['tokenizer.ggml.eos_token_id', ['uint32', end]],
    ['tokenizer.ggml.add_bos_token', ['bool', false]],
  ]
  if (options.chatTemplate !== false) metadata.push(['tokenizer.chat_template', ['string', chatTemplate]])

  const normal = normalWeights(random)
  const ones = new Float32Array(width).fill(1)
  const tensors: [string, number[], Float32Array][] = [
    ['token_embd.weight', [width, tokens.length], normal(width * tokens.length, 1)],
    ['output_norm.weight', [width], ones],
    [
      'output.weight',
      [width, tokens.length],
      normal(width * tokens.length, (options.sharpness ?? 2) / Math.sqrt(width)),
    ],
  ]
  for (let layer = 0; layer < layers; layer++) {
    const matrix = (name: string, inputs: number, outputs: number): void => {
      tensors.push([
        `blk.${layer}.${name}.weight`,
        [inputs, outputs],
        normal(inputs * outputs, 1 / Math.sqrt(inputs)),
      ])
    }
    tensors.push(
      [`blk.${layer}.attn_norm.weight`, [width], ones],
      [`blk.${layer}.ffn_norm.weight`, [width], ones],
    )
    for (const name of ['attn_q', 'attn_k', 'attn_v', 'attn_output']) matrix(name, width, width)
    matrix('ffn_gate', width, hidden)
    matrix('ffn_up', width, hidden)
    matrix('ffn_down', hidden, width)
  }
  writeFileSync(path, encodeGguf(metadata, tensors))
}

/** The 256 byte symbols of GPT-2's byte-level BPE, then random merges up to the size asked for. */
function byteLevelVocabulary(size: number, random: () => number): { tokens: string[]; merges: string[] } {
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
  while (tokens.length < size - specialTokens.length) {
    const pool = merges.length < 60 ? letters : tokens.slice(256, 256 + Math.ceil(merges.length / 3))
    const left = pool[Math.floor(random() * pool.length)] ?? 'e'
    const right = letters[Math.floor(random() * (letters.length - 1))] ?? 'e'
    if (known.has(left + right)) continue
    known.add(left + right)
    tokens.push(left + right)
    merges.push(`${left} ${right}`)
  }
  return { tokens: [...tokens, ...specialTokens], merges }
}
