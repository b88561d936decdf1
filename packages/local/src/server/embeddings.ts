import type { Context } from 'hono'
import type { Token } from 'node-llama-cpp'
import { OpenAiError } from './openai-error.ts'
import { readJson } from './read-json.ts'
import { parseEmbeddingRequest } from './request-schemas.ts'
import type { EmbeddingRequest } from './request-schemas.ts'
import { checkModelName } from './served-model.ts'
import type { ServedModel } from './served-model.ts'

/** POST /v1/embeddings with the encoder of the server. `usage` counts tokens of the language model's tokenizer. */
export async function embeddings(context: Context, { model, encoder }: ServedModel): Promise<Response> {
  const request = parseEmbeddingRequest(await readJson(context))
  checkModelName(request.model, encoder.id)
  if ((request.dimensions ?? encoder.dimension) !== encoder.dimension) {
    throw new OpenAiError({
      status: 400,
      message: `dimensions: this encoder has ${encoder.dimension}, and no other.`,
      parameter: 'dimensions',
      code: 'invalid_value',
    })
  }
  const texts = inputTexts(request.input, (tokens) => model.detokenize(tokens))
  const { embeddings: vectors } = await encoder.encode(texts, { signal: context.req.raw.signal })
  const tokens = texts.reduce((sum, text) => sum + model.tokenize(text).length, 0)
  return context.json({
    object: 'list',
    model: encoder.id,
    data: vectors.map((vector, index) => ({
      object: 'embedding',
      index,
      embedding: request.encoding_format === 'base64' ? base64(vector) : [...vector],
    })),
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  })
}

function inputTexts(input: EmbeddingRequest['input'], textOf: (tokens: Token[]) => string): string[] {
  if (typeof input === 'string') return [input]
  if (typeof input[0] === 'number') return [textOf(input as Token[])]
  return input.map((item) => (typeof item === 'string' ? item : textOf(item as Token[])))
}

function base64(vector: Float32Array): string {
  const bytes = Buffer.alloc(vector.length * 4)
  for (const [index, value] of vector.entries()) bytes.writeFloatLE(value, index * 4)
  return bytes.toString('base64')
}
