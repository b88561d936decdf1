import { writeFileSync } from 'node:fs'

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
 * Writes a GGUF file (version 3, little endian, F32) of a llama-architecture model with random weights and a
 * byte-level BPE tokenizer. Layout: github.com/ggml-org/ggml/blob/master/docs/gguf.md.
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
  const metadata: [string, Value][] = [
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

  const normal = (count: number, scale: number): Float32Array =>
    Float32Array.from({ length: count }, () => {
      let sum = -6
      for (let k = 0; k < 12; k++) sum += random()
      return sum * scale
    })
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

type Value =
  | ['string', string]
  | ['uint32' | 'float32', number]
  | ['bool', boolean]
  | ['strings', string[]]
  | ['int32s', number[]]

function encodeGguf(
  metadata: readonly [string, Value][],
  tensors: readonly [string, number[], Float32Array][],
): Buffer {
  const parts: Buffer[] = []
  const uint32 = (value: number): void => {
    const part = Buffer.alloc(4)
    part.writeUInt32LE(value)
    parts.push(part)
  }
  const uint64 = (value: number): void => {
    const part = Buffer.alloc(8)
    part.writeBigUInt64LE(BigInt(value))
    parts.push(part)
  }
  const string = (value: string): void => {
    const bytes = Buffer.from(value, 'utf8')
    uint64(bytes.length)
    parts.push(bytes)
  }
  parts.push(Buffer.from('GGUF'))
  uint32(3)
  uint64(tensors.length)
  uint64(metadata.length)
  for (const [key, [kind, value]] of metadata) {
    string(key)
    if (kind === 'string') {
      uint32(8)
      string(value)
    } else if (kind === 'uint32') {
      uint32(4)
      uint32(value)
    } else if (kind === 'float32') {
      uint32(6)
      parts.push(Buffer.from(Float32Array.of(value).buffer))
    } else if (kind === 'bool') {
      uint32(7)
      parts.push(Buffer.of(value ? 1 : 0))
    } else if (kind === 'strings') {
      uint32(9)
      uint32(8)
      uint64(value.length)
      for (const item of value) string(item)
    } else if (kind === 'int32s') {
      uint32(9)
      uint32(5)
      uint64(value.length)
      parts.push(Buffer.from(Int32Array.from(value).buffer))
    }
  }
  let offset = 0
  for (const [name, shape, values] of tensors) {
    string(name)
    uint32(shape.length)
    for (const length of shape) uint64(length)
    uint32(0)
    uint64(offset)
    offset += Math.ceil(values.byteLength / 32) * 32
  }
  const header = parts.reduce((sum, part) => sum + part.length, 0)
  parts.push(Buffer.alloc((32 - (header % 32)) % 32))
  for (const [, , values] of tensors) {
    parts.push(Buffer.from(values.buffer), Buffer.alloc((32 - (values.byteLength % 32)) % 32))
  }
  return Buffer.concat(parts)
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

function mulberry32(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}
