import type { EchoedTextError } from '../errors/echoed-text-error.ts'
import { MopError } from '../errors/mop-error.ts'
import { type ScorerLaw, ScorerProbeError } from '../errors/scorer-probe-error.ts'
import type { ChatMessage } from '../ports/chat-message.ts'
import type { LikelihoodScorer, ScoreRequest } from '../ports/likelihood-scorer.ts'
import { addUsage, noUsage, type Usage } from '../ports/usage.ts'

export interface ProbeScorerOptions {
  readonly signal?: AbortSignal | undefined
  /** Nats by which two values that should be equal may differ, besides 1 % of them. Default 0.1: servers compute in 16 bits. */
  readonly tolerance?: number | undefined
}

const question: readonly ChatMessage[] = [{ role: 'user', content: 'What do you like to drink?' }]
const teaDrinker: readonly ChatMessage[] = [
  { role: 'system', content: 'Answer as this person would.\n\nLikes tea and says so, briefly.' },
  { role: 'user', content: 'What did you have today?' },
  { role: 'assistant', content: 'I had a cup of tea and then another cup of tea.' },
  ...question,
]
const likely = 'I had a cup of tea and then another cup of tea.'
const unlikely = 'Xq vjz kw uof btg ydx zzrh pqe lwnv jjkd hcm gx.'
/** Words that differ in their last letter, hence in their last token at least: a list that is shifted misses it. */
const lastWords = [
  ['I saw a cat', 'I saw a car'],
  ['It is for men', 'It is for me!'],
  ['We are not', 'We are now'],
] as const
const splits = [
  ['I had a cup of tea', ' and then another cup of tea.'],
  ['Yes', ', of course'],
  ['No', ' but thank you'],
] as const

const beginning = (messages: readonly ChatMessage[], continuation: string): ScoreRequest => ({
  messages,
  continuation,
  ends: false,
})

/**
 * Asks a scorer for 29 scores of short texts, which must keep some laws, whatever the model. Worth its seconds before each fit with a
 * server: log-probabilities that are constant, shifted, zero or those of another text make every figure sit at chance, silently.
 * @returns what it cost.
 * @throws ScorerProbeError that names the law that failed, and other ways to score. Errors of the connection travel as they are.
 */
export async function probeScorer(
  scorer: LikelihoodScorer,
  options: ProbeScorerOptions = {},
): Promise<Usage> {
  const { signal, tolerance = 0.1 } = options
  let usage = noUsage
  const fail = (law: ScorerLaw, rule: string, found: string, cause?: unknown): ScorerProbeError =>
    new ScorerProbeError({ scorer: scorer.id, law, rule, found, cause })
  const ask = async (requests: readonly ScoreRequest[]): Promise<readonly Probed[]> => {
    const result = await scorer
      .score(requests, { temperatures: [1], ...(signal === undefined ? {} : { signal }) })
      .catch((error: unknown) => {
        if (!isEchoedTextError(error)) throw error
        throw fail(
          'answered',
          'a given text must get the log-probabilities of its tokens',
          error.problem,
          error,
        )
      })
    usage = addUsage(usage, result.usage)
    return requests.map((_, index) => {
      const { logLikelihoods, tokens = 0 } = result.scores[index] ?? {}
      const value = logLikelihoods?.[0]
      if (value === undefined || !Number.isFinite(value) || value > 1e-6) {
        throw fail('finite', 'log p must be a number at most 0', `${value} over ${tokens} tokens`)
      }
      if (tokens < 1 || value === 0) {
        throw fail('not-certain', 'no text may be certain', `log p = ${value} over ${tokens} tokens`)
      }
      return { value, tokens }
    })
  }
  const failOrder = (one: number | undefined, other: number | undefined): ScorerProbeError =>
    fail(
      'order',
      'a text must get its own log p, whatever stands beside it',
      `${one} and ${other} for one text`,
    )
  const close = (a: number, b: number): boolean => Math.abs(a - b) <= tolerance + 0.01 * Math.abs(b)

  const batch = [
    beginning(teaDrinker, likely),
    beginning(teaDrinker, unlikely),
    beginning(question, likely),
    ...lastWords.flat().map((text) => beginning(question, text)),
  ]
  const probed = await ask(batch)
  const [expected, nonsense, unprompted] = probed as readonly [Probed, Probed, Probed]

  const means = probed.map(({ value, tokens }) => value / tokens)
  if (means.every((mean) => Math.abs(mean - (means[0] as number)) < 1e-6)) {
    throw fail('not-constant', 'tokens must differ in probability', `${means[0]} for each`)
  }
  for (const index of [0, 1]) {
    const [alone] = await ask([batch[index] as ScoreRequest])
    if (!close(alone?.value ?? Number.NaN, (probed[index] as Probed).value))
      throw failOrder(alone?.value, probed[index]?.value)
  }
  const pairs = lastWords.map((_, index) => probed.slice(3 + 2 * index, 5 + 2 * index))
  const comparable = pairs.filter(([a, b]) => a?.tokens === b?.tokens)
  if (
    comparable.length > 0 &&
    comparable.every(([a, b]) => Math.abs((a?.value ?? 0) - (b?.value ?? 0)) < 1e-6)
  ) {
    throw fail(
      'last-token',
      'texts that differ in their last token must differ in probability',
      `the same log p for ${comparable.length} such pairs, as of a list shifted by one token`,
    )
  }
  if (expected.value <= nonsense.value) {
    throw fail(
      'contrast',
      'an answer that the prompt has given before must be likelier than random letters of the same length',
      `log p = ${expected.value} and ${nonsense.value}`,
    )
  }
  if (Math.abs(expected.value - unprompted.value) < 1e-6) {
    throw fail('prompt', 'another prompt must give another log p', `${expected.value} with both`)
  }

  const parts = await ask(splits.flatMap(partsOf))
  const sums = splits.map((_, index) => {
    const [whole = 0, head = 0, tail = 0] = parts.slice(3 * index, 3 * index + 3).map(({ value }) => value)
    return { whole, sum: head + tail }
  })
  if (sums.filter(({ whole, sum }) => close(sum, whole)).length < 2) {
    const words = sums.map(({ whole, sum }) => `${sum} for ${whole}`).join(', ')
    throw fail('additive', 'log p of a text must be the sum over its two parts', words)
  }
  const backwards = (await ask(batch.toReversed())).toReversed()
  const moved = probed.findIndex(({ value }, index) => !close((backwards[index] as Probed).value, value))
  if (moved >= 0) throw failOrder(backwards[moved]?.value, probed[moved]?.value)
  return usage
}

interface Probed {
  readonly value: number
  readonly tokens: number
}

function partsOf([first, second]: readonly [string, string]): readonly ScoreRequest[] {
  return [
    beginning(teaDrinker, first + second),
    beginning(teaDrinker, first),
    beginning([...teaDrinker, { role: 'assistant', content: first }], second),
  ]
}

function isEchoedTextError(error: unknown): error is EchoedTextError {
  return MopError.isInstance(error) && error.code === 'echoed-text'
}
