import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { OnnxGraph } from './onnx-graph.ts'
import { specialTokens } from './random-encoder.ts'
import type { EncoderLayer, Linear, Norm, RandomEncoder } from './random-encoder.ts'

/** Writes an encoder as the folder that transformers.js reads: configuration, tokenizer and `onnx/model.onnx`. */
export function writeEncoderFolder(folder: string, encoder: RandomEncoder): void {
  mkdirSync(join(folder, 'onnx'), { recursive: true })
  const writeJson = (name: string, value: unknown): void =>
    writeFileSync(join(folder, name), JSON.stringify(value))
  writeJson('config.json', {
    model_type: 'bert',
    architectures: ['BertModel'],
    hidden_size: encoder.width,
    num_attention_heads: encoder.heads,
    num_hidden_layers: encoder.layers.length,
    intermediate_size: encoder.hidden,
    max_position_embeddings: encoder.positions,
    vocab_size: encoder.vocabulary.length,
  })
  writeJson('tokenizer.json', tokenizer(encoder.vocabulary))
  writeJson('tokenizer_config.json', {
    tokenizer_class: 'BertTokenizer',
    model_max_length: encoder.positions,
    do_lower_case: true,
    ...Object.fromEntries(specialTokens.map((token) => [`${token.slice(1, -1).toLowerCase()}_token`, token])),
  })
  writeFileSync(join(folder, 'onnx/model.onnx'), onnxModel(encoder))
}

function tokenizer(vocabulary: readonly string[]): unknown {
  const special = (token: string): unknown => ({ SpecialToken: { id: token, type_id: 0 } })
  const bounds = ['[CLS]', '[SEP]']
  return {
    version: '1.0',
    added_tokens: specialTokens.map((content, id) => ({
      id,
      content,
      special: true,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
    })),
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: true,
      strip_accents: null,
      lowercase: true,
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: {
      type: 'TemplateProcessing',
      single: [special('[CLS]'), { Sequence: { id: 'A', type_id: 0 } }, special('[SEP]')],
      pair: [],
      special_tokens: Object.fromEntries(
        bounds.map((token) => [token, { id: token, ids: [vocabulary.indexOf(token)], tokens: [token] }]),
      ),
    },
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: {
      type: 'WordPiece',
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(vocabulary.map((token, index) => [token, index])),
    },
  }
}

function onnxModel(encoder: RandomEncoder): Buffer {
  const { width } = encoder
  const graph = new OnnxGraph()
  const table = (values: Float32Array): string => graph.constant([values.length / width, width], values)
  const add = (a: string, b: string): string => graph.node('Add', [a, b])
  const multiply = (a: string, b: string): string => graph.node('Mul', [a, b])
  const linear = (input: string, { inputs, outputs, weight, bias }: Linear): string => {
    const transposed = Float32Array.from(
      { length: weight.length },
      (_, index) => weight[(index % outputs) * inputs + Math.floor(index / outputs)] ?? 0,
    )
    const product = graph.node('MatMul', [input, graph.constant([inputs, outputs], transposed)])
    return add(product, graph.constant([outputs], bias))
  }
  const norm = (input: string, { weight, bias }: Norm, output?: string): string =>
    graph.node(
      'LayerNormalization',
      [input, graph.constant([width], weight), graph.constant([width], bias)],
      { axis: -1, epsilon: { float: encoder.normEpsilon } },
      output,
    )
  const gelu = (input: string): string => {
    const error = graph.node('Erf', [multiply(input, graph.scalar(Math.SQRT1_2))])
    return multiply(multiply(input, graph.scalar(0.5)), add(error, graph.scalar(1)))
  }

  const length = graph.node('Gather', [graph.node('Shape', ['input_ids']), graph.integers(1)])
  const positions = graph.node('Slice', [
    table(encoder.positionTable),
    graph.integers(0),
    length,
    graph.integers(0),
  ])
  const tokens = graph.node('Gather', [table(encoder.tokenTable), 'input_ids'])
  const types = graph.node('Gather', [table(encoder.typeTable), 'token_type_ids'])
  // 0 where a token is attended to, far below where it is padding: batch × 1 × 1 × sequence.
  const attended = graph.node('Cast', ['attention_mask'], { to: 1 })
  const absent = graph.node('Sub', [graph.scalar(1), attended])
  const mask = graph.node('Unsqueeze', [multiply(absent, graph.scalar(-1e9)), graph.integers(1, 2)])

  const heads = graph.integers(0, 0, encoder.heads, width / encoder.heads)
  const split = (input: string, map: Linear, order: readonly number[]): string =>
    graph.node('Transpose', [graph.node('Reshape', [linear(input, map), heads])], { perm: order })
  const attention = (input: string, layer: EncoderLayer): string => {
    const scores = graph.node('MatMul', [
      split(input, layer.query, [0, 2, 1, 3]),
      split(input, layer.key, [0, 2, 3, 1]),
    ])
    const scaled = multiply(scores, graph.scalar(1 / Math.sqrt(width / encoder.heads)))
    const weights = graph.node('Softmax', [add(scaled, mask)], { axis: -1 })
    const mixed = graph.node('MatMul', [weights, split(input, layer.value, [0, 2, 1, 3])])
    const joined = graph.node('Reshape', [
      graph.node('Transpose', [mixed], { perm: [0, 2, 1, 3] }),
      graph.integers(0, 0, width),
    ])
    return linear(joined, layer.attentionOutput)
  }

  let states = norm(add(add(tokens, types), positions), encoder.embeddingNorm)
  for (const [index, layer] of encoder.layers.entries()) {
    const afterAttention = norm(add(states, attention(states, layer)), layer.attentionNorm)
    const output = index === encoder.layers.length - 1 ? 'last_hidden_state' : undefined
    states = norm(
      add(afterAttention, linear(gelu(linear(afterAttention, layer.up)), layer.down)),
      layer.outputNorm,
      output,
    )
  }
  return graph.encode(['input_ids', 'attention_mask', 'token_type_ids'], states, width)
}
