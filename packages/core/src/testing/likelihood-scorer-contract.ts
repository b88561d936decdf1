import type { ChatMessage } from '../ports/chat-message.ts'
import type { LikelihoodScorer, Score, ScoreRequest } from '../ports/likelihood-scorer.ts'
import { addUsage } from '../ports/usage.ts'
import { type ContractCase, type Make, ensure, requireCancellation, requireClose } from './contract-case.ts'
import { endMarkers, forgedTurns, longText, unicodeTexts } from './sample-texts.ts'

export interface LikelihoodScorerContractOptions {
  /** Difference allowed between two values that should be equal, relative to max(1, |value|). Default 1e-6. */
  readonly tolerance?: number
  /** Continuations cut where the tokenizer cuts too. */
  readonly splits?: readonly (readonly [string, string])[]
  /** Whether every temperature can be asked for, or 1 alone as of servers that echo log-probabilities. Default true. */
  readonly anyTemperature?: boolean
  /** Whether prompts are sent as raw text, in which a text that spells a control token becomes one. Default false. */
  readonly rawPrompts?: boolean
}

const question: readonly ChatMessage[] = [{ role: 'user', content: 'What do you like?' }]
const warm: readonly ChatMessage[] = [
  { role: 'system', content: 'Writes short, warm answers.' },
  { role: 'user', content: 'How was it?' },
  { role: 'assistant', content: 'lovely' },
  { role: 'user', content: 'What do you like?' },
]

/** The laws that every `LikelihoodScorer` keeps. */
export function likelihoodScorerContract(
  make: Make<LikelihoodScorer>,
  options: LikelihoodScorerContractOptions = {},
): readonly ContractCase[] {
  const {
    tolerance = 1e-6,
    anyTemperature = true,
    rawPrompts = false,
    splits = [
      ['I like tea', ' and coffee'],
      ['Yes', ', of course'],
      ['', 'no'],
    ],
  } = options
  const some = (...temperatures: readonly number[]): readonly number[] =>
    anyTemperature ? temperatures : [1]
  const requests: readonly ScoreRequest[] = [
    { messages: question, continuation: 'I like tea' },
    { messages: warm, continuation: 'I like tea' },
    { messages: question, continuation: '' },
    { messages: question, continuation: 'I like tea' },
    { messages: warm, continuation: 'not much' },
  ]

  const law = (name: string, check: (scorer: LikelihoodScorer) => Promise<void>): ContractCase => ({
    name: `likelihood scorer: ${name}`,
    run: async () => check(await make()),
  })
  const scoresOf = async (
    scorer: LikelihoodScorer,
    asked: readonly ScoreRequest[],
    temperatures?: readonly number[],
  ): Promise<readonly Score[]> => {
    const { scores } = await scorer.score(asked, temperatures === undefined ? {} : { temperatures })
    ensure(scores.length === asked.length, 'there must be one score per request', scores.length)
    const width = temperatures?.length ?? 1
    for (const { logLikelihoods } of scores) {
      ensure(
        logLikelihoods.length === width,
        'there must be one value per temperature',
        logLikelihoods.length,
      )
    }
    return scores
  }
  const logLikelihood = async (
    scorer: LikelihoodScorer,
    request: ScoreRequest,
    temperature?: number,
  ): Promise<number> => {
    const [score] = await scoresOf(scorer, [request], temperature === undefined ? undefined : [temperature])
    return score?.logLikelihoods[0] ?? Number.NaN
  }
  const requireProbability = ({ logLikelihoods, tokens }: Score, of: string): void => {
    for (const value of logLikelihoods) {
      ensure(Number.isFinite(value) && value <= 1e-9, `log p of ${of} must be finite and at most 0`, value)
    }
    ensure(Number.isInteger(tokens) && tokens >= 0, `the tokens of ${of} must be counted`, tokens)
  }

  const laws = [
    law('the id is stable', async (scorer) => {
      const again = await make()
      ensure(
        scorer.id.length > 0 && again.id === scorer.id,
        'the id must be the same each time',
        `${scorer.id} and ${again.id}`,
      )
    }),
    law('log p is at most 0, and so is that of an empty answer', async (scorer) => {
      for (const [index, score] of (await scoresOf(scorer, requests, some(0.5, 1, 2))).entries()) {
        requireProbability(score, `request ${index}`)
        ensure(score.tokens > 0, 'the end of an answer is a token', score.tokens)
      }
    }),
    law('an empty continuation that does not end has probability one and no tokens', async (scorer) => {
      const [score] = await scoresOf(
        scorer,
        [{ messages: warm, continuation: '', ends: false }],
        some(0.5, 1),
      )
      ensure(
        score?.tokens === 0 && score.logLikelihoods.every((value) => Math.abs(value) === 0),
        'log p must be 0 over 0 tokens',
        score,
      )
    }),
    law('log p adds up over a split continuation', async (scorer) => {
      for (const [first, second] of splits) {
        for (const temperature of some(1, 0.7)) {
          const prefix: ChatMessage = { role: 'assistant', content: first }
          const whole = await logLikelihood(
            scorer,
            { messages: warm, continuation: first + second },
            temperature,
          )
          const head = await logLikelihood(
            scorer,
            { messages: warm, continuation: first, ends: false },
            temperature,
          )
          const tail = await logLikelihood(
            scorer,
            { messages: [...warm, prefix], continuation: second },
            temperature,
          )
          requireClose(
            head + tail,
            whole,
            tolerance,
            `log p(${JSON.stringify([first, second])}) must be the sum of its parts at temperature ${temperature}`,
          )
        }
      }
    }),
    law('a whole answer is less likely than the same words as a beginning', async (scorer) => {
      const whole = await logLikelihood(scorer, { messages: warm, continuation: 'tea' })
      const beginning = await logLikelihood(scorer, { messages: warm, continuation: 'tea', ends: false })
      ensure(
        whole < beginning,
        'p(answer) must be below p(answer as a beginning)',
        `${whole} and ${beginning}`,
      )
    }),
    law('different whole answers share at most all of the probability', async (scorer) => {
      const answers = ['', 'yes', 'no', 'Yes', 'maybe', 'lovely', 'lovely!']
      for (const temperature of some(0.3, 1, 3)) {
        const scores = await scoresOf(
          scorer,
          answers.map((continuation) => ({ messages: warm, continuation })),
          [temperature],
        )
        const sum = scores.reduce(
          (total, { logLikelihoods }) => total + Math.exp(logLikelihoods[0] ?? Number.NaN),
          0,
        )
        ensure(sum <= 1 + tolerance, `probabilities must sum to at most 1 at temperature ${temperature}`, sum)
      }
    }),
    law('a grid of temperatures equals its temperatures one by one, in their order', async (scorer) => {
      const grid = some(2, 0.5, 1, 0.5)
      for (const [index, score] of (await scoresOf(scorer, requests, grid)).entries()) {
        for (const [at, temperature] of grid.entries()) {
          const alone = await logLikelihood(scorer, requests[index] as ScoreRequest, temperature)
          requireClose(
            score.logLikelihoods[at] ?? Number.NaN,
            alone,
            tolerance,
            `the grid's value at temperature ${temperature} must equal that asked for alone`,
          )
        }
      }
      const plain = await logLikelihood(scorer, requests[0] as ScoreRequest)
      requireClose(
        plain,
        await logLikelihood(scorer, requests[0] as ScoreRequest, 1),
        tolerance,
        'the default temperature must be 1',
      )
    }),
    law('a temperature that is not above 0 is refused', async (scorer) => {
      for (const temperature of anyTemperature ? [0, -1, Number.NaN] : [0, -1, Number.NaN, 0.5, 2]) {
        const refused = await scorer.score(requests, { temperatures: [temperature] }).then(
          () => false,
          () => true,
        )
        ensure(refused, `temperature ${temperature} must be refused`, 'scores')
      }
    }),
    law('the same call gives the same numbers, whatever stands beside a request', async (scorer) => {
      const first = await scoresOf(scorer, requests)
      const second = await scoresOf(scorer, requests)
      const backwards = (await scoresOf(scorer, requests.toReversed())).toReversed()
      for (const [index, { logLikelihoods, tokens }] of first.entries()) {
        const value = logLikelihoods[0] ?? Number.NaN
        requireClose(
          second[index]?.logLikelihoods[0] ?? Number.NaN,
          value,
          tolerance,
          'a repeated call must give the same log p',
        )
        requireClose(
          backwards[index]?.logLikelihoods[0] ?? Number.NaN,
          value,
          tolerance,
          'log p must not depend on the order of the requests',
        )
        requireClose(
          await logLikelihood(scorer, requests[index] as ScoreRequest),
          value,
          tolerance,
          'log p alone must equal log p in a batch',
        )
        ensure(
          second[index]?.tokens === tokens && backwards[index]?.tokens === tokens,
          'tokens must not depend on the batch',
          tokens,
        )
      }
      requireClose(
        first[3]?.logLikelihoods[0] ?? Number.NaN,
        first[0]?.logLikelihoods[0] ?? Number.NaN,
        tolerance,
        'equal requests of a batch must have equal log p',
      )
    }),
    law('the prompt matters', async (scorer) => {
      const [bare, prompted] = await scoresOf(scorer, requests)
      ensure(
        bare?.logLikelihoods[0] !== prompted?.logLikelihoods[0],
        'another prompt must give another log p',
        bare?.logLikelihoods[0],
      )
    }),
    law('unicode', async (scorer) => {
      const asked = unicodeTexts.map((text): ScoreRequest => ({
        messages: [{ role: 'user', content: text }],
        continuation: text,
      }))
      for (const [index, score] of (await scoresOf(scorer, asked)).entries())
        requireProbability(score, JSON.stringify(unicodeTexts[index]))
    }),
    law('a very long text is scored whole or refused, never cut', async (scorer) => {
      const half = longText.slice(0, longText.length / 2)
      const outcome = await scorer
        .score([half, longText].map((continuation) => ({ messages: question, continuation })))
        .catch((error: unknown) => error)
      if (outcome instanceof Error) {
        ensure(outcome.message.length > 0, 'a refusal must say why', outcome)
        return
      }
      const { scores } = outcome as { scores: readonly Score[] }
      for (const score of scores) requireProbability(score, 'a very long text')
      const [short, long] = scores
      ensure(
        (long?.tokens ?? 0) > 1.9 * (short?.tokens ?? Infinity),
        'twice the text must be twice the tokens',
        scores.map(({ tokens }) => tokens),
      )
    }),
    law('usage adds up', async (scorer) => {
      const { scores, usage } = await scorer.score(requests)
      ensure(usage.calls === requests.length, 'usage.calls must be the number of requests', usage.calls)
      const tokens = scores.reduce((sum, score) => sum + score.tokens, 0)
      ensure(
        usage.outputTokens === tokens,
        `usage.outputTokens must be the ${tokens} tokens scored`,
        usage.outputTokens,
      )
      ensure(usage.inputTokens > 0, 'usage.inputTokens must count the prompts', usage.inputTokens)
      ensure(
        usage.evaluatedTokens > 0 && usage.evaluatedTokens <= usage.inputTokens + usage.outputTokens,
        'no more tokens can be evaluated than were given',
        usage,
      )
      const parts = await Promise.all(requests.map(async (request) => (await scorer.score([request])).usage))
      const sum = parts.reduce(addUsage)
      ensure(
        sum.inputTokens === usage.inputTokens && sum.outputTokens === usage.outputTokens,
        'a batch must count the tokens of its requests',
        usage,
      )
      const none = await scorer.score([])
      ensure(
        none.scores.length === 0 && none.usage.calls === 0,
        'no requests must give no scores and cost nothing',
        none,
      )
    }),
    law('each score is told once, as it is returned', async (scorer) => {
      const told = new Map<number, Score>()
      const { scores } = await scorer.score(requests, {
        onScore: (index, score) => {
          ensure(!told.has(index), `score ${index} must be told once`, 'a second time')
          told.set(index, score)
        },
      })
      ensure(told.size === requests.length, 'every score must be told', told.size)
      for (const [index, score] of scores.entries()) {
        ensure(
          told.get(index)?.logLikelihoods[0] === score.logLikelihoods[0],
          `score ${index} must be told as it is returned`,
          told.get(index),
        )
      }
    }),
    law('an aborted signal rejects with its reason', async (scorer) => {
      const many = Array.from({ length: 60 }, (_, index): ScoreRequest => ({
        messages: index % 2 === 0 ? question : warm,
        continuation: `answer ${index}`,
      }))
      await requireCancellation((signal, onFirst) => scorer.score(many, { signal, onScore: onFirst }))
    }),
  ]
  const ofTemperatures = [
    law('at a very high temperature every token is equally likely', async (scorer) => {
      const scores = await scoresOf(scorer, requests, [1e7])
      const perToken = scores.map(({ logLikelihoods, tokens }) => (logLikelihoods[0] ?? Number.NaN) / tokens)
      for (const value of perToken) {
        requireClose(
          value,
          perToken[0] ?? Number.NaN,
          1e-3,
          'log p per token must approach −ln of the vocabulary',
        )
        ensure(value < -Math.log(100), 'log p per token must approach −ln of a vocabulary above 100', value)
      }
    }),
  ]
  const ofControlTokens = [
    law('roles cannot be forged in the text of a message', async (scorer) => {
      const real: readonly ChatMessage[] = [
        { role: 'user', content: 'How was it?' },
        { role: 'assistant', content: 'lovely' },
        { role: 'user', content: 'And now?' },
      ]
      const value = await logLikelihood(scorer, { messages: real, continuation: 'lovely' })
      for (const content of forgedTurns('How was it?', 'lovely', 'And now?')) {
        const forged = await logLikelihood(scorer, {
          messages: [{ role: 'user', content }],
          continuation: 'lovely',
        })
        ensure(
          Math.abs(forged - value) > 1e-9,
          `text must not be read as turns: ${JSON.stringify(content)}`,
          'the log p of real turns',
        )
      }
    }),
    law('an end of turn that is spelled out in a continuation is text', async (scorer) => {
      const [ended] = await scoresOf(scorer, [{ messages: warm, continuation: 'tea' }])
      for (const marker of endMarkers) {
        const [spelled] = await scoresOf(scorer, [
          { messages: warm, continuation: `tea${marker}`, ends: false },
        ])
        ensure(
          (spelled?.tokens ?? 0) > (ended?.tokens ?? 0),
          `${marker} must be more than the one token that ends an answer`,
          spelled?.tokens,
        )
      }
    }),
  ]
  return [...laws, ...(anyTemperature ? ofTemperatures : []), ...(rawPrompts ? [] : ofControlTokens)]
}
