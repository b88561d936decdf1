import { randomUUID } from 'node:crypto'
import type { Context } from 'hono'
import { streamSSE } from 'hono/streaming'
import type { Token } from 'node-llama-cpp'
import { assertFits } from '../engine/assert-fits.ts'
import type { LocalModel } from '../engine/local-model.ts'
import { completionLogProbabilities } from './completion-log-probabilities.ts'
import type { RankedToken } from './completion-log-probabilities.ts'
import { drawAnswer } from './draw-answer.ts'
import { asOpenAiError, OpenAiError } from './openai-error.ts'
import { readJson } from './read-json.ts'
import { parseCompletionRequest } from './request-schemas.ts'
import type { CompletionRequest } from './request-schemas.ts'
import { answerSeeds, checkModelName, stopStrings } from './served-model.ts'
import type { ServedModel } from './served-model.ts'

const defaultMaxTokens = 16

/** A raw prompt. `tokens` are those of its text; `context` has a start token before them where the model wants one. */
interface RawPrompt {
  readonly tokens: readonly Token[]
  /** What each token adds to the text. */
  readonly bytes: readonly Uint8Array[]
  readonly context: readonly Token[]
}

/**
 * POST /v1/completions. The prompt is raw: names of control tokens in it are control tokens. With `echo` and `logprobs`
 * every prompt token but the first has its log-probability at temperature 1; `max_tokens: 0` scores without drawing.
 */
export async function completions(context: Context, served: ServedModel): Promise<Response> {
  const request = parseCompletionRequest(await readJson(context))
  checkModelName(request.model, served.name)
  const prompts = rawPrompts(served.model, request.prompt)
  for (const [index, prompt] of prompts.entries()) {
    assertFits(
      served.model,
      prompt.context.length + ((request.max_tokens ?? defaultMaxTokens) > 0 ? 1 : 0),
      index,
    )
  }
  const head = {
    id: `cmpl-${randomUUID()}`,
    object: 'text_completion',
    created: Math.floor(Date.now() / 1000),
    model: served.name,
    system_fingerprint: served.model.id,
  }
  const { signal } = context.req.raw
  if (request.stream === true) return streamCompletions(context, served, request, prompts, head)
  const choices: Choice[] = []
  for (const prompt of prompts) {
    for (const seed of answerSeeds(request.seed, request.n ?? 1)) {
      choices.push(await complete(served.model, request, prompt, seed, signal))
    }
  }
  return context.json({
    ...head,
    choices: choices.map(({ text, finish_reason, logprobs }, index) => ({
      index,
      text,
      finish_reason,
      logprobs,
    })),
    usage: usageOf(prompts, choices),
  })
}

interface Choice {
  readonly text: string
  readonly finish_reason: 'stop' | 'length'
  readonly logprobs: object | null
  readonly completionTokens: number
}

async function complete(
  model: LocalModel,
  request: CompletionRequest,
  prompt: RawPrompt,
  seed: number,
  signal: AbortSignal,
  onText?: (text: string) => void,
): Promise<Choice> {
  const top = request.logprobs ?? undefined
  const echoed = request.echo === true
  const ranked: RankedToken[] = []
  if (echoed && top !== undefined) ranked.push(...(await rankPrompt(model, prompt, top, signal)))
  const promptText = echoed ? promptTextOf(prompt) : ''
  onText?.(promptText)
  const answer = await drawAnswer(model, {
    segments: [prompt.context],
    temperature: request.temperature ?? 1,
    seed,
    maxTokens: request.max_tokens ?? defaultMaxTokens,
    stops: stopStrings(request.stop),
    top,
    signal,
    ...(onText === undefined ? {} : { onText }),
  })
  ranked.push(...answer.drawn.map((drawn) => ({ ...drawn, bytes: model.textBytes(drawn.token) })))
  return {
    text: promptText + answer.text,
    finish_reason: answer.finishReason,
    logprobs:
      top === undefined ? null : completionLogProbabilities(model, ranked, top, promptText + answer.text),
    completionTokens: answer.usage.outputTokens,
  }
}

function promptTextOf(prompt: RawPrompt): string {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  return prompt.bytes.map((bytes) => decoder.decode(bytes, { stream: true })).join('') + decoder.decode()
}

/** log p of each prompt token given those before it; none for the first. */
async function rankPrompt(
  model: LocalModel,
  prompt: RawPrompt,
  top: number,
  signal: AbortSignal,
): Promise<RankedToken[]> {
  const targets = prompt.tokens.slice(1)
  const start = prompt.context.length - prompt.tokens.length
  const ranked = await model.exclusive(async (evaluator) => {
    if (targets.length === 0) return []
    await evaluator.advance([], model.threads)
    return evaluator.rank(
      prompt.context.slice(0, -1),
      [...prompt.context.slice(1, start + 1), ...targets],
      top,
      model.threads,
    )
  }, signal)
  return prompt.tokens.map((token, index) => ({
    token,
    bytes: prompt.bytes[index] ?? new Uint8Array(),
    logProbabilities: index === 0 ? undefined : ranked[start + index - 1],
  }))
}

function rawPrompts(model: LocalModel, prompt: CompletionRequest['prompt']): RawPrompt[] {
  const list = typeof prompt === 'string' ? [prompt] : isTokens(prompt) ? [prompt] : prompt
  return list.map((item) => {
    const tokens = typeof item === 'string' ? model.tokenizeRaw(item) : checkTokens(model, item)
    const begin = model.beginningOfSequence
    const context = begin !== null && tokens[0] !== begin ? [begin, ...tokens] : tokens
    const bytes = tokens.map((token) => model.tokenBytes(token))
    return {
      tokens,
      bytes: typeof item === 'string' ? withoutAddedSpaces(bytes, item) : bytes,
      context: context.length === 0 ? [model.startToken] : context,
    }
  })
}

/** The bytes of tokens without the spaces that the tokenizer put into the text. */
function withoutAddedSpaces(bytes: readonly Uint8Array[], text: string): readonly Uint8Array[] {
  const whole = Buffer.from(text)
  let offset = 0
  return bytes.map((own) => {
    const isThere = whole.subarray(offset, offset + own.length).equals(own)
    const found = isThere || own[0] !== 0x20 ? own : own.subarray(1)
    offset += found.length
    return found
  })
}

function isTokens(prompt: readonly unknown[]): prompt is readonly number[] {
  return typeof prompt[0] === 'number'
}

function checkTokens(model: LocalModel, tokens: readonly number[]): Token[] {
  const foreign = tokens.find((token) => token >= model.vocabularySize)
  if (foreign === undefined) return [...tokens] as Token[]
  throw new OpenAiError({
    status: 400,
    message: `prompt: token ${foreign} is not in the vocabulary of ${model.vocabularySize}.`,
    parameter: 'prompt',
    code: 'invalid_value',
  })
}

function streamCompletions(
  context: Context,
  served: ServedModel,
  request: CompletionRequest,
  prompts: readonly RawPrompt[],
  head: object,
): Response {
  const withUsage = request.stream_options?.include_usage === true
  return streamSSE(context, async (stream) => {
    const abort = new AbortController()
    stream.onAbort(() => abort.abort())
    const signal = AbortSignal.any([context.req.raw.signal, abort.signal])
    const write = (choices: readonly object[], usage: object | null): Promise<void> =>
      stream.writeSSE({ data: JSON.stringify({ ...head, choices, ...(withUsage ? { usage } : {}) }) })
    try {
      const choices: Choice[] = []
      for (const prompt of prompts) {
        for (const seed of answerSeeds(request.seed, request.n ?? 1)) {
          const index = choices.length
          const choice = await complete(served.model, request, prompt, seed, signal, (text) => {
            if (text !== '') void write([{ index, text, finish_reason: null, logprobs: null }], null)
          })
          choices.push(choice)
          await write(
            [{ index, text: '', finish_reason: choice.finish_reason, logprobs: choice.logprobs }],
            null,
          )
        }
      }
      if (withUsage) await write([], usageOf(prompts, choices))
      await stream.writeSSE({ data: '[DONE]' })
    } catch (error) {
      if (!signal.aborted) await stream.writeSSE({ data: JSON.stringify(asOpenAiError(error).body) })
    }
  })
}

function usageOf(prompts: readonly RawPrompt[], choices: readonly Choice[]): object {
  const promptTokens = prompts.reduce((sum, prompt) => sum + prompt.context.length, 0)
  const completionTokens = choices.reduce((sum, choice) => sum + choice.completionTokens, 0)
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
  }
}
