import * as v from 'valibot'
import { OpenAiError } from './openai-error.ts'

const integer = (least: number, most: number) =>
  v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(most))
const optional = <Schema extends v.GenericSchema>(schema: Schema) => v.nullish(schema)

/** Parameters that would change the distribution drawn from: only the value that changes nothing is taken. */
const neutral = {
  top_p: optional(v.literal(1, 'only 1 is supported: answers are drawn from the full vocabulary')),
  presence_penalty: optional(v.literal(0, 'only 0 is supported')),
  frequency_penalty: optional(v.literal(0, 'only 0 is supported')),
  logit_bias: optional(v.strictObject({}, 'is not supported')),
}

const sampling = {
  model: v.string(),
  n: optional(integer(1, 128)),
  seed: optional(integer(0, Number.MAX_SAFE_INTEGER)),
  temperature: optional(v.pipe(v.number(), v.finite(), v.minValue(0), v.maxValue(100))),
  stop: optional(
    v.union([
      v.pipe(v.string(), v.nonEmpty()),
      v.pipe(v.array(v.pipe(v.string(), v.nonEmpty())), v.maxLength(4)),
    ]),
  ),
  stream: optional(v.boolean()),
  stream_options: optional(v.object({ include_usage: optional(v.boolean()) })),
  ...neutral,
}

const textPart = v.object({ type: v.literal('text', 'only text parts are supported'), text: v.string() })

const chatRequestSchema = v.object({
  ...sampling,
  messages: v.pipe(
    v.array(
      v.object({
        role: v.picklist(
          ['system', 'developer', 'user', 'assistant'],
          'must be system, developer, user or assistant',
        ),
        content: v.union([v.string(), v.array(textPart)]),
      }),
    ),
    v.minLength(1),
  ),
  max_tokens: optional(integer(0, 2 ** 31)),
  max_completion_tokens: optional(integer(0, 2 ** 31)),
  logprobs: optional(v.boolean()),
  top_logprobs: optional(integer(0, 20)),
  tools: optional(v.pipe(v.array(v.unknown()), v.maxLength(0, 'are not supported'))),
  response_format: optional(v.object({ type: v.literal('text', 'only text is supported') })),
})

const tokenIds = v.array(integer(0, 2 ** 31))

const completionRequestSchema = v.object({
  ...sampling,
  prompt: v.union([
    v.string(),
    v.array(v.string()),
    v.pipe(tokenIds, v.nonEmpty()),
    v.array(v.pipe(tokenIds, v.nonEmpty())),
  ]),
  max_tokens: optional(integer(0, 2 ** 31)),
  echo: optional(v.boolean()),
  logprobs: optional(integer(0, 20)),
  best_of: optional(v.literal(1, 'only 1 is supported')),
  suffix: optional(v.literal('', 'is not supported')),
})

const embeddingRequestSchema = v.object({
  model: v.string(),
  input: v.union([
    v.string(),
    v.pipe(v.array(v.string()), v.nonEmpty()),
    v.pipe(tokenIds, v.nonEmpty()),
    v.pipe(v.array(v.pipe(tokenIds, v.nonEmpty())), v.nonEmpty()),
  ]),
  encoding_format: optional(v.picklist(['float', 'base64'])),
  dimensions: optional(integer(1, 2 ** 31)),
})

interface SamplingRequest {
  readonly model: string
  readonly n?: number | null | undefined
  readonly seed?: number | null | undefined
  readonly temperature?: number | null | undefined
  readonly stop?: string | readonly string[] | null | undefined
  readonly stream?: boolean | null | undefined
  readonly stream_options?: { readonly include_usage?: boolean | null | undefined } | null | undefined
  readonly max_tokens?: number | null | undefined
}

export interface ChatRequest extends SamplingRequest {
  readonly messages: readonly {
    readonly role: 'system' | 'developer' | 'user' | 'assistant'
    readonly content: string | readonly { readonly text: string }[]
  }[]
  readonly max_completion_tokens?: number | null | undefined
  readonly logprobs?: boolean | null | undefined
  readonly top_logprobs?: number | null | undefined
}

export interface CompletionRequest extends SamplingRequest {
  readonly prompt: string | readonly string[] | readonly number[] | readonly (readonly number[])[]
  readonly echo?: boolean | null | undefined
  readonly logprobs?: number | null | undefined
}

export interface EmbeddingRequest {
  readonly model: string
  readonly input: string | readonly string[] | readonly number[] | readonly (readonly number[])[]
  readonly encoding_format?: 'float' | 'base64' | null | undefined
  readonly dimensions?: number | null | undefined
}

/** @throws OpenAiError 400 */
export const parseChatRequest = (body: unknown): ChatRequest => parseRequest(chatRequestSchema, body)
/** @throws OpenAiError 400 */
export const parseCompletionRequest = (body: unknown): CompletionRequest =>
  parseRequest(completionRequestSchema, body)
/** @throws OpenAiError 400 */
export const parseEmbeddingRequest = (body: unknown): EmbeddingRequest =>
  parseRequest(embeddingRequestSchema, body)

/** @throws OpenAiError 400 that names the first parameter that is wrong. */
function parseRequest<Schema extends v.GenericSchema>(schema: Schema, body: unknown): v.InferOutput<Schema> {
  const result = v.safeParse(schema, body)
  if (result.success) return result.output
  const [issue] = result.issues
  const parameter = v.getDotPath(issue) ?? 'body'
  throw new OpenAiError({
    status: 400,
    message: `${parameter}: ${issue.message}`,
    parameter,
    code: 'invalid_value',
  })
}
