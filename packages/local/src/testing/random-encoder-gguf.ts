import { writeFileSync } from 'node:fs'
import { encodeGguf } from './gguf-file.ts'
import type { GgufValue } from './gguf-file.ts'
import { specialTokens } from './random-encoder.ts'
import type { Linear, Norm, RandomEncoder } from './random-encoder.ts'

/** Writes an encoder as a GGUF file of the architecture `bert` with a WordPiece tokenizer and mean pooling. */
export function writeEncoderGguf(path: string, encoder: RandomEncoder): void {
  const { vocabulary, width } = encoder
  const number = (token: string): number => vocabulary.indexOf(token)
  const metadata: [string, GgufValue][] = [
    ['general.architecture', ['string', 'bert']],
    ['general.name', ['string', 'random weights for tests']],
    ['general.file_type', ['uint32', 0]],
    ['bert.context_length', ['uint32', encoder.positions]],
    ['bert.embedding_length', ['uint32', width]],
    ['bert.block_count', ['uint32', encoder.layers.length]],
    ['bert.feed_forward_length', ['uint32', encoder.hidden]],
    ['bert.attention.head_count', ['uint32', encoder.heads]],
    ['bert.attention.layer_norm_epsilon', ['float32', encoder.normEpsilon]],
    ['bert.attention.causal', ['bool', false]],
    // 1 is the mean: enum llama_pooling_type in llama.h.
    ['bert.pooling_type', ['uint32', 1]],
    ['tokenizer.ggml.model', ['string', 'bert']],
    ['tokenizer.ggml.pre', ['string', 'default']],
    ['tokenizer.ggml.token_type_count', ['uint32', 2]],
    ['tokenizer.ggml.tokens', ['strings', vocabulary.map(ggufPiece)]],
    ['tokenizer.ggml.token_type', ['int32s', vocabulary.map(tokenType)]],
    ['tokenizer.ggml.bos_token_id', ['uint32', number('[CLS]')]],
    ['tokenizer.ggml.cls_token_id', ['uint32', number('[CLS]')]],
    ['tokenizer.ggml.seperator_token_id', ['uint32', number('[SEP]')]],
    ['tokenizer.ggml.unknown_token_id', ['uint32', number('[UNK]')]],
    ['tokenizer.ggml.padding_token_id', ['uint32', number('[PAD]')]],
    ['tokenizer.ggml.mask_token_id', ['uint32', number('[MASK]')]],
  ]
  const tensors: [string, number[], Float32Array][] = [
    ['token_embd.weight', [width, vocabulary.length], encoder.tokenTable],
    ['token_types.weight', [width, 2], encoder.typeTable],
    ['position_embd.weight', [width, encoder.positions], encoder.positionTable],
  ]
  const addNorm = (name: string, { weight, bias }: Norm): void => {
    tensors.push([`${name}.weight`, [weight.length], weight], [`${name}.bias`, [bias.length], bias])
  }
  const addLinear = (name: string, { inputs, outputs, weight, bias }: Linear): void => {
    tensors.push([`${name}.weight`, [inputs, outputs], weight], [`${name}.bias`, [outputs], bias])
  }
  addNorm('token_embd_norm', encoder.embeddingNorm)
  for (const [index, layer] of encoder.layers.entries()) {
    addLinear(`blk.${index}.attn_q`, layer.query)
    addLinear(`blk.${index}.attn_k`, layer.key)
    addLinear(`blk.${index}.attn_v`, layer.value)
    addLinear(`blk.${index}.attn_output`, layer.attentionOutput)
    addNorm(`blk.${index}.attn_output_norm`, layer.attentionNorm)
    addLinear(`blk.${index}.ffn_up`, layer.up)
    addLinear(`blk.${index}.ffn_down`, layer.down)
    addNorm(`blk.${index}.layer_output_norm`, layer.outputNorm)
  }
  writeFileSync(path, encodeGguf(metadata, tensors))
}

/** llama.cpp marks the beginnings of words rather than their insides. */
function ggufPiece(token: string): string {
  if (specialTokens.includes(token)) return token
  return token.startsWith('##') ? token.slice(2) : `\u2581${token}`
}

/** Of enum llama_token_type in llama.h: 1 normal, 2 unknown, 3 control. */
function tokenType(token: string): number {
  if (token === '[UNK]') return 2
  return specialTokens.includes(token) ? 3 : 1
}
