import { MopError } from '../errors/mop-error.ts'
import { bindEncoder } from '../mixture/bound-mixture.ts'
import type { Mixture } from '../mixture/mixture.ts'
import type { ChatMessage } from '../ports/chat-message.ts'
import type { Encoder } from '../ports/encoder.ts'
import { drawPrompt, type DrawPromptOptions, type DrawReport } from '../simulate/draw-prompt.ts'
import { type ContractCase, ensure, requireCancellation } from './contract-case.ts'
import { exampleMixture } from './example-mixture.ts'
import { fakeEncoder } from './fake-encoder.ts'
import { unicodeTexts } from './sample-texts.ts'

/** One call of the model inside the adapter, in core's words. */
export interface ModelCall {
  readonly messages: readonly ChatMessage[]
  /** undefined where the adapter left it to the model. */
  readonly temperature: number | undefined
}

export type AdapterCallOptions = Pick<DrawPromptOptions, 'seed' | 'given' | 'persona' | 'pairs' | 'signal'>

export interface AdapterCallResult {
  /** What reached the model, call by call. */
  readonly calls: readonly ModelCall[]
  readonly text: string
  readonly report: DrawReport
}

/** The model inside: answers with `answer`, or throws. Given anew for each call. */
export interface ScriptedModel {
  /** A framework's fake answers with what this returns, and rejects with what it throws; it may wait. */
  answer(call: ModelCall, signal: AbortSignal | undefined): Promise<string>
}

/** How a framework's adapter is called. Everything goes through the framework's own public functions. */
export interface AdapterHarness {
  readonly name: string
  /** One answer to a conversation. */
  call(
    setup: { readonly mixture: Mixture; readonly encoder: Encoder; readonly model: ScriptedModel },
    conversation: readonly ChatMessage[],
    options: AdapterCallOptions,
  ): Promise<AdapterCallResult>
  /** The same as a stream; `text` is what its pieces add up to, `report` what its end says. */
  stream(
    setup: { readonly mixture: Mixture; readonly encoder: Encoder; readonly model: ScriptedModel },
    conversation: readonly ChatMessage[],
    options: AdapterCallOptions,
  ): Promise<AdapterCallResult>
  /**
   * An agent of the framework that uses a tool twice before it answers. `calls` has its three calls of the model, each reduced to
   * system and user messages and plain assistant texts; `history` is what the framework keeps of the run afterwards.
   */
  agent(
    setup: { readonly mixture: Mixture; readonly encoder: Encoder },
    question: string,
    options: Pick<AdapterCallOptions, 'seed'>,
  ): Promise<{ readonly calls: readonly ModelCall[]; readonly history: string; readonly report: DrawReport }>
}

const question: readonly ChatMessage[] = [{ role: 'user', content: 'How was the soup?' }]
const withSystem: readonly ChatMessage[] = [
  { role: 'system', content: 'Answer in one sentence.' },
  ...question,
]
const withHistory: readonly ChatMessage[] = [
  { role: 'system', content: 'Answer in one sentence.' },
  { role: 'user', content: 'Who are you?' },
  { role: 'assistant', content: 'A guest.' },
  ...question,
]
const seeds = Array.from({ length: 12 }, (_, index) => index)

/** The laws that every framework's adapter keeps: the same draw and the same prompt as core's, whatever the framework. */
export function adapterContract(harness: AdapterHarness): readonly ContractCase[] {
  const mixture = exampleMixture()
  const encoder = fakeEncoder()
  const bound = bindEncoder(mixture, encoder)
  const polite: ScriptedModel = { answer: () => Promise.resolve('It was warm.') }
  const setup = { mixture, encoder, model: polite }

  const law = (name: string, run: () => Promise<void>): ContractCase => ({
    name: `${harness.name}: ${name}`,
    run,
  })
  const requirePrompt = async (
    { calls, text, report }: AdapterCallResult,
    conversation: readonly ChatMessage[],
    options: AdapterCallOptions,
  ): Promise<void> => {
    const { signal: _, ...asked } = options
    const expected = await drawPrompt(bound, conversation, { ...asked, seed: report.seed })
    ensure(calls.length === 1, 'the model must be called once', calls.length)
    const [call] = calls
    ensure(
      JSON.stringify(call?.messages) === JSON.stringify(expected.messages),
      "the model must get core's prompt, byte for byte",
      { found: call?.messages, expected: expected.messages },
    )
    ensure(
      Math.abs((call?.temperature ?? Number.NaN) - expected.report.temperature) < 1e-12,
      "the model must be asked at the draw's temperature",
      call?.temperature,
    )
    ensure(
      JSON.stringify(report) === JSON.stringify(expected.report),
      'the draw must be reported as it was',
      { found: report, expected: expected.report },
    )
    ensure(text === 'It was warm.', "the model's answer must come through unchanged", text)
  }
  const ways = [
    ['', harness.call.bind(harness)],
    [', streamed', harness.stream.bind(harness)],
  ] as const

  const both = (
    name: string,
    run: (call: AdapterHarness['call']) => Promise<void>,
  ): readonly ContractCase[] => ways.map(([suffix, call]) => law(`${name}${suffix}`, () => run(call)))

  return [
    ...both("the same seed and input give core's persona, exemplars and prompt", async (call) => {
      for (const seed of seeds) await requirePrompt(await call(setup, question, { seed }), question, { seed })
    }),
    ...both("the user's own system message is kept and merged", async (call) => {
      await requirePrompt(await call(setup, withSystem, { seed: 1 }), withSystem, { seed: 1 })
    }),
    ...both('exemplars come before the history, which stays as it is', async (call) => {
      const before = JSON.stringify(withHistory)
      await requirePrompt(await call(setup, withHistory, { seed: 2 }), withHistory, { seed: 2 })
      ensure(JSON.stringify(withHistory) === before, "the caller's messages must not be changed", withHistory)
    }),
    law('every script and symbol reaches the model as it is', async () => {
      for (const content of unicodeTexts) {
        const conversation = [{ role: 'user' as const, content }]
        await requirePrompt(await harness.call(setup, conversation, { seed: 3 }), conversation, { seed: 3 })
      }
    }),
    law('a mixture without exemplars, and several pairs in one prompt', async () => {
      const bare = exampleMixture({ exemplars: 0 })
      const { calls } = await harness.call({ ...setup, mixture: bare }, question, { seed: 1 })
      const expected = await drawPrompt(bindEncoder(bare, encoder), question, { seed: 1 })
      ensure(
        JSON.stringify(calls[0]?.messages) === JSON.stringify(expected.messages),
        'a mixture without exemplars must give the persona alone',
        calls[0]?.messages,
      )
      await requirePrompt(await harness.call(setup, question, { seed: 1, pairs: 2 }), question, { pairs: 2 })
    }),
    law('without a seed draws differ, and each says how to repeat it', async () => {
      const reports = new Set<string>()
      for (const _ of seeds) {
        const first = await harness.call(setup, question, {})
        const again = await harness.call(setup, question, { seed: first.report.seed })
        ensure(JSON.stringify(again) === JSON.stringify(first), 'the reported seed must repeat the call', {
          first,
          again,
        })
        reports.add(`${first.report.personas.join()} ${first.report.exemplars.join()}`)
      }
      ensure(reports.size > 1, 'twelve calls must not all draw the same', [...reports])
    }),
    law('a group and a fixed persona can be asked for by call', async () => {
      const { mixture: one } = setup
      for (const seed of seeds) {
        const given = { age: 'young' }
        await requirePrompt(await harness.call(setup, question, { seed, given }), question, { given })
        const persona = one.personas[seed % one.personas.length]?.id ?? ''
        const fixed = await harness.call(setup, question, { seed, persona })
        ensure(fixed.report.personas[0] === persona, 'the fixed persona must be used', fixed.report)
        await requirePrompt(fixed, question, { persona })
      }
    }),
    law('an unknown persona, attribute or value is refused before the model is called', async () => {
      let called = 0
      const model: ScriptedModel = {
        answer: () => {
          called++
          return Promise.resolve('')
        },
      }
      const wrong: readonly AdapterCallOptions[] = [
        { persona: 'nobody' },
        { given: { height: 'tall' } },
        { given: { age: 'none' } },
        { pairs: 0 },
      ]
      for (const options of wrong) {
        const error = await rejection(harness.call({ ...setup, model }, question, options))
        ensure(isError(error, 'invalid-argument'), 'it must be an InvalidArgumentError', error)
      }
      ensure(called === 0, 'the model must not be called', called)
    }),
    law('an encoder that is not the mixture’s is refused', async () => {
      const error = await rejection(
        harness.call({ ...setup, encoder: fakeEncoder({ dimension: 8 }) }, question, { seed: 1 }),
      )
      ensure(isError(error, 'encoder-mismatch'), 'it must be an EncoderMismatchError', error)
    }),
    ...both('an error of the model comes through as it is', async (call) => {
      const failure = Object.assign(new Error('the model is out of tokens'), { status: 400 })
      const model: ScriptedModel = { answer: () => Promise.reject(failure) }
      const error = await rejection(call({ ...setup, model }, question, { seed: 1 }))
      ensure(error === failure, 'the very error of the model must come through', error)
    }),
    law('an abort rejects with its reason', async () => {
      await requireCancellation((signal, onFirst) => {
        const model: ScriptedModel = {
          answer: (_, passed) =>
            new Promise((_resolve, reject) => {
              if (passed === undefined) reject(new Error('the signal did not reach the model'))
              else {
                passed.addEventListener('abort', () => reject(passed.reason as Error))
                onFirst()
              }
            }),
        }
        return harness.call({ ...setup, model }, question, { seed: 1, signal })
      })
    }),
    ...both('calls at the same time do not mix their draws', async (call) => {
      const slow: ScriptedModel = {
        answer: async ({ messages }) => {
          for (let turn = messages.length % 5; turn >= 0; turn--) await Promise.resolve()
          return 'It was warm.'
        },
      }
      const results = await Promise.all(
        Array.from({ length: 40 }, async (_, seed) => {
          const conversation = [{ role: 'user' as const, content: `Question ${seed % 7}?` }]
          return { seed, conversation, result: await call({ ...setup, model: slow }, conversation, { seed }) }
        }),
      )
      for (const { seed, conversation, result } of results)
        await requirePrompt(result, conversation, { seed })
    }),
    law('an agent keeps one draw for its run, and no exemplar stays in its history', async () => {
      for (const seed of [1, 2, 3]) {
        const { calls, history, report } = await harness.agent(setup, question[0]?.content ?? '', { seed })
        const expected = await drawPrompt(bound, question, { seed })
        ensure(calls.length === 3, 'two tool calls take three calls of the model', calls.length)
        const head = JSON.stringify(expected.messages)
        for (const { messages } of calls) {
          const start = JSON.stringify(messages.slice(0, expected.messages.length))
          ensure(start === head, "every step must begin with the run's one prompt", { start, head })
        }
        ensure(
          JSON.stringify(report) === JSON.stringify(expected.report),
          "the run's draw must be reported",
          report,
        )
        for (const { content } of expected.exemplarTurns) {
          ensure(!history.includes(content), 'no exemplar may stay in the history', content)
        }
        const texts = mixture.personas.map(({ text }) => text)
        ensure(!texts.some((text) => history.includes(text)), 'no persona may stay in the history', history)
      }
    }),
  ]
}

async function rejection(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    (value) => new Error(`fulfilled with ${JSON.stringify(value)}`),
    (reason: unknown) => reason,
  )
}

function isError(error: unknown, code: string): boolean {
  return MopError.isInstance(error) && error.code === code
}
