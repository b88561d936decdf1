import { randomUUID } from 'node:crypto'
import type { ChatMessage } from '@mop/core'
import type { Context } from 'hono'
import { streamSSE } from 'hono/streaming'
import { assertFits } from '../engine/assert-fits.ts'
import type { LocalModel } from '../engine/local-model.ts'
import type { DrawnToken } from '../generator/draw-tokens.ts'
import { drawAnswer, tokenName } from './draw-answer.ts'
import type { Answer, AnswerRequest } from './draw-answer.ts'
import { asOpenAiError } from './openai-error.ts'
import { readJson } from './read-json.ts'
import { parseChatRequest } from './request-schemas.ts'
import type { ChatRequest } from './request-schemas.ts'
import { answerSeeds, checkModelName, stopStrings } from './served-model.ts'
import type { ServedModel } from './served-model.ts'

/** POST /v1/chat/completions, plain or streamed. Log-probabilities are those at temperature 1. */
export async function chatCompletions(context: Context, served: ServedModel): Promise<Response> {
  const request = parseChatRequest(await readJson(context))
  checkModelName(request.model, served.name)
  const { segments, answerSpaces } = served.model.format.prompt(request.messages.map(chatMessage))
  assertFits(served.model, segments.flat().length + 1, 0)
  const seeds = answerSeeds(request.seed, request.n ?? 1)
  const common: Omit<AnswerRequest, 'seed'> = {
    segments,
    temperature: request.temperature ?? 1,
    maxTokens: request.max_completion_tokens ?? request.max_tokens ?? served.model.contextSize,
    stops: stopStrings(request.stop),
    spacesBefore: answerSpaces,
    top: request.logprobs === true ? (request.top_logprobs ?? 0) : undefined,
    signal: context.req.raw.signal,
  }
  const head = {
    id: `chatcmpl-${randomUUID()}`,
    created: now(),
    model: served.name,
    system_fingerprint: served.model.id,
  }
  if (request.stream === true) return streamChat(context, served, request, common, seeds, head)

  const answers: Answer[] = []
  for (const seed of seeds) answers.push(await drawAnswer(served.model, { ...common, seed }))
  return context.json({
    ...head,
    object: 'chat.completion',
    choices: answers.map((answer, index) => ({
      index,
      message: { role: 'assistant', content: answer.text, refusal: null },
      finish_reason: answer.finishReason,
      logprobs: chatLogProbabilities(served.model, answer.drawn, common.top),
    })),
    usage: usageOf(segments.flat().length, answers),
  })
}

function streamChat(
  context: Context,
  served: ServedModel,
  request: ChatRequest,
  common: Omit<AnswerRequest, 'seed'>,
  seeds: readonly number[],
  head: object,
): Response {
  const withUsage = request.stream_options?.include_usage === true
  const chunk = (choices: readonly object[], usage: object | null): string =>
    JSON.stringify({ ...head, object: 'chat.completion.chunk', choices, ...(withUsage ? { usage } : {}) })
  return streamSSE(context, async (stream) => {
    const abort = new AbortController()
    stream.onAbort(() => abort.abort())
    const signal = AbortSignal.any([common.signal, abort.signal])
    try {
      const answers: Answer[] = []
      for (const [index, seed] of seeds.entries()) {
        const delta = (part: object, finish: string | null, drawn?: DrawnToken): void => {
          const logprobs = chatLogProbabilities(served.model, drawn === undefined ? [] : [drawn], common.top)
          void stream.writeSSE({
            data: chunk([{ index, delta: part, finish_reason: finish, logprobs }], null),
          })
        }
        delta({ role: 'assistant', content: '' }, null)
        const answer = await drawAnswer(served.model, {
          ...common,
          seed,
          signal,
          onText: (content, drawn) => delta({ content }, null, drawn),
        })
        delta({}, answer.finishReason)
        answers.push(answer)
      }
      if (withUsage)
        await stream.writeSSE({ data: chunk([], usageOf(common.segments.flat().length, answers)) })
      await stream.writeSSE({ data: '[DONE]' })
    } catch (error) {
      if (!signal.aborted) await stream.writeSSE({ data: JSON.stringify(asOpenAiError(error).body) })
    }
  })
}

function chatMessage({ role, content }: ChatRequest['messages'][number]): ChatMessage {
  const text = typeof content === 'string' ? content : content.map((part) => part.text).join('')
  return { role: role === 'developer' ? 'system' : role, content: text }
}

function chatLogProbabilities(
  model: LocalModel,
  drawn: readonly DrawnToken[],
  top: number | undefined,
): object | null {
  if (top === undefined) return null
  const describe = (token: number, logprob: number): object => ({
    token: tokenName(model, token as DrawnToken['token']),
    logprob,
    bytes: [...model.tokenBytes(token as DrawnToken['token'])],
  })
  const content = drawn.map(({ token, logProbabilities = new Map<number, number>() }) => ({
    ...describe(token, logProbabilities.get(token) ?? Number.NaN),
    top_logprobs: [...logProbabilities].slice(0, top).map(([other, logprob]) => describe(other, logprob)),
  }))
  return { content, refusal: null }
}

function usageOf(promptTokens: number, answers: readonly Answer[]): object {
  const completionTokens = answers.reduce((sum, answer) => sum + answer.usage.outputTokens, 0)
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
  }
}

function now(): number {
  return Math.floor(Date.now() / 1000)
}
