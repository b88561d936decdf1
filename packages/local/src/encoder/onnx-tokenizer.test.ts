import { expect, test } from 'vitest'
import { tokenLimit, tokensAround } from './onnx-tokenizer.ts'
import type { TransformersTokenizer } from './transformers-module.ts'

function tokenizer(own: readonly number[], whole: readonly number[], limit = 1e30): TransformersTokenizer {
  return {
    encode: (_, { add_special_tokens }) => (add_special_tokens ? whole : own),
    model_max_length: limit,
    all_special_tokens: [],
  }
}

test('the tokens around a text are found, whichever there are', () => {
  expect(tokensAround(tokenizer([7], [101, 7, 102]))).toEqual({ before: [101], after: [102] })
  expect(tokensAround(tokenizer([7, 8], [7, 8, 1]))).toEqual({ before: [], after: [1] })
  expect(tokensAround(tokenizer([7], [7]))).toEqual({ before: [], after: [] })
  expect(tokensAround(tokenizer([7], [101, 9, 102]))).toBeUndefined()
})

test('the limit is the smaller of what tokenizer and model take', () => {
  const bert = { model_type: 'bert', max_position_embeddings: 512 }
  expect(tokenLimit(tokenizer([], []), bert)).toBe(512)
  expect(tokenLimit(tokenizer([], [], 256), bert)).toBe(256)
  expect(tokenLimit(tokenizer([], [], Number.POSITIVE_INFINITY), {})).toBe(Number.POSITIVE_INFINITY)
})

test('positions that padding takes are not counted', () => {
  // config.json of FacebookAI/roberta-base: 514 positions, padding is token 1, and texts have at most 512 tokens.
  const roberta = { model_type: 'roberta', max_position_embeddings: 514, pad_token_id: 1 }
  expect(tokenLimit(tokenizer([], []), roberta)).toBe(512)
  expect(tokenLimit(tokenizer([], []), { ...roberta, model_type: 'mpnet' })).toBe(512)
})
