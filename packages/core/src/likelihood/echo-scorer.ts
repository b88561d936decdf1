import pMap from 'p-map'
import { EchoedTextError } from '../errors/echoed-text-error.ts'
import { InvalidArgumentError } from '../errors/invalid-argument-error.ts'
import type { ChatMessage } from '../ports/chat-message.ts'
import type {
  LikelihoodScorer,
  Score,
  ScoreOptions,
  ScoreRequest,
  ScoreResult,
} from '../ports/likelihood-scorer.ts'
import { addUsage, noUsage, type Usage } from '../ports/usage.ts'
import { plainPrompt } from '../prompt/plain-prompt.ts'
import { type EchoedText, tokenSpans } from './token-spans.ts'

export interface EchoScorerOptions {
  /** Names model, quantisation and the prompt's format: likelihoods are stored under it. */
  readonly id: string
  /** Gives the tokens of each prompt with their log-probabilities, in the order of the prompts, and draws nothing. */
  readonly complete: (
    prompts: readonly string[],
    options: { readonly signal: AbortSignal | undefined; readonly temperature: number },
  ) => Promise<readonly EchoedText[]>
  /**
   * Chat messages as the raw prompt, such as the model's own chat template. A final `assistant` message is the beginning of the
   * answer: nothing may follow it. Best ends where the tokenizer always splits. Default `plainPrompt`.
   */
  readonly render?: ((messages: readonly ChatMessage[]) => string) | undefined
  /**
   * What the model writes at the end of an answer, such as `<|im_end|>`; scored after each continuation but those with
   * `ends: false`. Default none: every continuation is scored as a beginning.
   */
  readonly endOfAnswer?: string | undefined
  /** Temperatures at which `complete` gives log-probabilities. Default [1]: an echo's are those at 1, whatever the request says. */
  readonly temperatures?: readonly number[] | undefined
  /** Prompts of one `complete`. Default 20. */
  readonly batchSize?: number | undefined
  /** `complete`s at the same time. Default 2. */
  readonly concurrency?: number | undefined
}

/**
 * A scorer over completion endpoints that echo log-probabilities of a given text (`echo: true, logprobs: 1, max_tokens: 0`).
 * Pass `temperatures: [1]` to `fit` with it, and `probeScorer` it first: some servers answer with wrong numbers.
 *
 * The continuation's tokens are those that end after the prompt does. A token that spans the boundary counts whole: left out, the
 * answer's first characters would cost nothing. The score is then that of a slightly longer text, log p(end of prompt + continuation).
 * Prompts that end in a line break or a control token keep such tokens rare. Prompts are raw: a text that spells a control token
 * becomes one.
 * @throws InvalidArgumentError for a temperature that the endpoint does not score at.
 * @throws EchoedTextError where tokens or log-probabilities are missing or are those of another text. Errors of `complete` travel.
 */
export function createEchoScorer(options: EchoScorerOptions): LikelihoodScorer {
  for (const [argument, value] of [
    ['batchSize', options.batchSize],
    ['concurrency', options.concurrency],
  ] as const) {
    if (value !== undefined && !(Number.isInteger(value) && value > 0)) {
      throw new InvalidArgumentError({ argument, expected: 'an integer above 0', found: value })
    }
  }
  return { id: options.id, score: (requests, asked) => scoreRequests(options, requests, asked ?? {}) }
}

async function scoreRequests(
  options: EchoScorerOptions,
  requests: readonly ScoreRequest[],
  { temperatures = [1], signal, onScore }: ScoreOptions,
): Promise<ScoreResult> {
  checkTemperatures(temperatures, options.temperatures ?? [1])
  signal?.throwIfAborted()
  const { render = plainPrompt, endOfAnswer = '', batchSize = 20 } = options
  const scores: Score[] = []
  let usage = noUsage
  const texts: GivenText[] = []
  for (const [index, { messages, continuation, ends = true }] of requests.entries()) {
    const prompt = render(messages)
    texts.push({ index, prompt, text: prompt + continuation + (ends ? endOfAnswer : '') })
  }
  const keep = (index: number, logLikelihoods: Float64Array, tokens: number, promptTokens: number): void => {
    const score = { logLikelihoods, tokens }
    scores[index] = score
    usage = addUsage(usage, usageOf(promptTokens, tokens))
    onScore?.(index, score)
  }
  for (const { index } of texts.filter(({ prompt, text }) => text === prompt)) {
    keep(index, new Float64Array(temperatures.length), 0, 0)
  }
  const asked = texts.filter(({ prompt, text }) => text !== prompt)
  const batches = Array.from({ length: Math.ceil(asked.length / batchSize) }, (_, batch) =>
    asked.slice(batch * batchSize, (batch + 1) * batchSize),
  )
  const scoreBatch = async (batch: readonly GivenText[]): Promise<void> => {
    const grid: (readonly EchoedText[])[] = []
    for (const temperature of temperatures) {
      signal?.throwIfAborted()
      const echoes = await options.complete(
        batch.map(({ text }) => text),
        { signal, temperature },
      )
      if (echoes.length !== batch.length) {
        throw new EchoedTextError({
          prompt: batch[Math.min(echoes.length, batch.length - 1)]?.index ?? 0,
          problem: `${echoes.length} answers came for ${batch.length} prompts`,
        })
      }
      grid.push(echoes)
    }
    signal?.throwIfAborted()
    for (const [at, given] of batch.entries()) {
      const sums = grid.map((echoes) => sumOfContinuation(given, echoes[at]))
      const [{ tokens, promptTokens } = { tokens: 0, promptTokens: 0 }] = sums
      keep(
        given.index,
        Float64Array.from(sums, ({ sum }) => sum),
        tokens,
        promptTokens,
      )
    }
  }
  await pMap(batches, scoreBatch, {
    concurrency: options.concurrency ?? 2,
    ...(signal === undefined ? {} : { signal }),
  })
  signal?.throwIfAborted()
  return { scores, usage }
}

interface GivenText {
  /** Of the request. */
  readonly index: number
  readonly prompt: string
  /** Prompt and continuation. */
  readonly text: string
}

function sumOfContinuation(
  { index: prompt, prompt: before, text }: GivenText,
  echoed: EchoedText | undefined,
): { readonly sum: number; readonly tokens: number; readonly promptTokens: number } {
  const fail = (problem: string): EchoedTextError => new EchoedTextError({ prompt, problem })
  if (echoed === undefined || echoed.tokens.length === 0) throw fail('no tokens came with its answer')
  const { tokens, logProbabilities } = echoed
  if (logProbabilities.length !== tokens.length) {
    throw fail(`${logProbabilities.length} log-probabilities came for ${tokens.length} tokens`)
  }
  const spans = tokenSpans(text, echoed)
  if (typeof spans === 'string') throw fail(spans)
  const boundary = new TextEncoder().encode(before).length
  let sum = 0
  let count = 0
  let promptTokens = 0
  for (const [index, span] of spans.entries()) {
    if (span === undefined || (span.end <= boundary && span.start < boundary)) {
      if (count === 0) promptTokens++
      continue
    }
    const value = logProbabilities[index]
    if (typeof value !== 'number' || Number.isNaN(value)) {
      throw fail(
        index === 0
          ? 'its first token belongs to the answer and has no log-probability; the rendered prompt must not be empty'
          : `token ${index} of ${tokens.length} has no log-probability`,
      )
    }
    sum += value
    count++
  }
  return { sum, tokens: count, promptTokens }
}

function usageOf(inputTokens: number, outputTokens: number): Usage {
  return { calls: 1, inputTokens, outputTokens, evaluatedTokens: inputTokens + outputTokens }
}

function checkTemperatures(asked: readonly number[], known: readonly number[]): void {
  const list = `[${known.join(', ')}]`
  for (const temperature of asked) {
    if (known.includes(temperature) && temperature > 0) continue
    throw new InvalidArgumentError({
      argument: 'temperatures',
      expected: `of ${list}, at which this endpoint gives log-probabilities`,
      found: `[${asked.join(', ')}]`,
      remedy: `Pass \`temperatures: ${list}\` to \`fit\`.`,
    })
  }
}
