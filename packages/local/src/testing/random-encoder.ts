import { mulberry32, normalWeights } from './random-weights.ts'

/** A linear map: `outputs` × `inputs` weights, row by row, and a bias per output. */
export interface Linear {
  readonly inputs: number
  readonly outputs: number
  readonly weight: Float32Array
  readonly bias: Float32Array
}

/** Gains and offsets of a layer normalisation. */
export interface Norm {
  readonly weight: Float32Array
  readonly bias: Float32Array
}

export interface EncoderLayer {
  readonly query: Linear
  readonly key: Linear
  readonly value: Linear
  readonly attentionOutput: Linear
  readonly attentionNorm: Norm
  readonly up: Linear
  readonly down: Linear
  readonly outputNorm: Norm
}

/** A BERT-like sentence encoder with random weights, to be written in the formats that the encoders read. */
export interface RandomEncoder {
  readonly width: number
  readonly heads: number
  readonly hidden: number
  /** Positions, which is the most tokens of a text, [CLS] and [SEP] included. */
  readonly positions: number
  readonly normEpsilon: number
  /** WordPiece: pieces inside a word start with `##`. The number of a token is its place. */
  readonly vocabulary: readonly string[]
  /** Row by row, `width` each. */
  readonly tokenTable: Float32Array
  readonly typeTable: Float32Array
  readonly positionTable: Float32Array
  readonly embeddingNorm: Norm
  readonly layers: readonly EncoderLayer[]
}

export const specialTokens: readonly string[] = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]']

const words =
  'the and was were soup bread stew people kind warm cold gearbox piston failed needed repair dinner better than'

export function randomEncoder(seed = 1): RandomEncoder {
  const [width, heads, hidden, positions, layers] = [64, 4, 128, 128, 2]
  const symbols = [...'abcdefghijklmnopqrstuvwxyz0123456789', ...'.,;:!?\'"()[]<>|/-_']
  const letters = symbols.filter((symbol) => /[a-z0-9]/.test(symbol))
  const vocabulary = [
    ...specialTokens,
    ...symbols,
    ...letters.map((letter) => `##${letter}`),
    ...words.split(' '),
  ]
  const normal = normalWeights(mulberry32(seed))
  const linear = (inputs: number, outputs: number): Linear => ({
    inputs,
    outputs,
    weight: normal(inputs * outputs, 1 / Math.sqrt(inputs)),
    bias: normal(outputs, 0.1),
  })
  const norm = (): Norm => ({
    weight: normal(width, 0.1).map((value) => 1 + value),
    bias: normal(width, 0.1),
  })
  return {
    width,
    heads,
    hidden,
    positions,
    normEpsilon: 1e-12,
    vocabulary,
    tokenTable: normal(vocabulary.length * width, 1),
    typeTable: normal(2 * width, 0.3),
    positionTable: normal(positions * width, 0.3),
    embeddingNorm: norm(),
    layers: Array.from({ length: layers }, () => ({
      query: linear(width, width),
      key: linear(width, width),
      value: linear(width, width),
      attentionOutput: linear(width, width),
      attentionNorm: norm(),
      up: linear(width, hidden),
      down: linear(hidden, width),
      outputNorm: norm(),
    })),
  }
}
