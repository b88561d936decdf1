import { writeFileSync } from 'node:fs'
import { byteLevelTokenizer } from './byte-level-tokenizer.ts'
import { type ChatTemplateName, chatTemplates } from './chat-templates.ts'
import { encodeGguf, type GgufValue } from './gguf-file.ts'
import { mulberry32, normalWeights } from './random-weights.ts'
import { type SentencePieceOptions, sentencePieceTokenizer } from './sentence-piece-tokenizer.ts'

/** Shape of the random-weight language model that the tests of this package run on. */
export interface RandomModelOptions {
  readonly seed?: number
  readonly layers?: number
  readonly width?: number
  readonly heads?: number
  readonly hidden?: number
  readonly vocabulary?: number
  readonly contextSize?: number
  /** A SentencePiece tokenizer. Default: a byte-level one. */
  readonly sentencePiece?: SentencePieceOptions
  /** `none` leaves `tokenizer.chat_template` out. Default `turns`, whose control tokens only the byte-level vocabulary has. */
  readonly chatTemplate?: ChatTemplateName | 'none'
  /** Standard deviation of the logits. Default 2. */
  readonly sharpness?: number
}

/** Writes a GGUF file of a llama-architecture model with random F32 weights. */
export function writeRandomModel(path: string, options: RandomModelOptions = {}): void {
  const {
    seed = 1,
    layers = 2,
    width = 64,
    heads = 4,
    hidden = 128,
    vocabulary = 512,
    contextSize = 512,
    sentencePiece,
    chatTemplate = 'turns',
  } = options
  const random = mulberry32(seed)
  const { metadata: tokenizerMetadata, size } =
    sentencePiece === undefined
      ? byteLevelTokenizer(vocabulary, random)
      : sentencePieceTokenizer(vocabulary, random, sentencePiece)
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
    ['llama.vocab_size', ['uint32', size]],
    ...tokenizerMetadata,
  ]
  if (chatTemplate !== 'none')
    metadata.push(['tokenizer.chat_template', ['string', chatTemplates[chatTemplate]]])

  const normal = normalWeights(random)
  const ones = new Float32Array(width).fill(1)
  const tensors: [string, number[], Float32Array][] = [
    ['token_embd.weight', [width, size], normal(width * size, 1)],
    ['output_norm.weight', [width], ones],
    ['output.weight', [width, size], normal(width * size, (options.sharpness ?? 2) / Math.sqrt(width))],
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
