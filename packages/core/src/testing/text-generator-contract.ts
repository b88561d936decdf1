import type { ChatMessage } from '../ports/chat-message.ts'
import type { GenerateRequest, Generation, TextGenerator } from '../ports/text-generator.ts'
import { addUsage, noUsage } from '../ports/usage.ts'
import { type ContractCase, type Make, ensure, requireCancellation } from './contract-case.ts'
import { longText, unicodeTexts } from './sample-texts.ts'

export interface TextGeneratorContractOptions {
  /** Whether equal seeds give equal texts; hosted models may not promise it. Default true. */
  readonly seeded?: boolean
}

const warm: readonly ChatMessage[] = [
  { role: 'system', content: 'Writes short, warm answers.' },
  { role: 'user', content: 'How was it?' },
  { role: 'assistant', content: 'lovely' },
  { role: 'user', content: 'What do you like?' },
]
const question: readonly ChatMessage[] = [{ role: 'user', content: 'What do you like?' }]

/** The laws that every `TextGenerator` keeps. */
export function textGeneratorContract(
  make: Make<TextGenerator>,
  options: TextGeneratorContractOptions = {},
): readonly ContractCase[] {
  const { seeded = true } = options
  const maxTokens = 12
  const ask = (messages: readonly ChatMessage[], seed: number, temperature = 1): GenerateRequest => ({
    messages,
    seed,
    temperature,
    maxTokens,
  })
  const requests = [ask(warm, 1), ask(question, 1), ask(warm, 2), ask(warm, 1), ask(question, 3, 0.5)]

  const law = (name: string, check: (generator: TextGenerator) => Promise<void>): ContractCase => ({
    name: `text generator: ${name}`,
    run: async () => check(await make()),
  })
  const textsOf = async (
    generator: TextGenerator,
    asked: readonly GenerateRequest[],
  ): Promise<readonly string[]> => {
    const { generations } = await generator.generate(asked)
    ensure(generations.length === asked.length, 'there must be one text per request', generations.length)
    for (const { text, finishReason } of generations) {
      ensure(
        typeof text === 'string' && text.isWellFormed(),
        'a text must be well-formed',
        JSON.stringify(text),
      )
      ensure(
        finishReason === 'stop' || finishReason === 'length',
        "finishReason must be 'stop' or 'length'",
        finishReason,
      )
    }
    return generations.map(({ text }) => text)
  }

  const laws = [
    law('the id is stable', async (generator) => {
      const again = await make()
      ensure(
        generator.id.length > 0 && again.id === generator.id,
        'the id must be the same each time',
        `${generator.id} and ${again.id}`,
      )
    }),
    law('different seeds give different texts', async (generator) => {
      const texts = await textsOf(
        generator,
        Array.from({ length: 24 }, (_, seed) => ask(question, seed, 1.5)),
      )
      ensure(new Set(texts).size > 1, '24 seeds at temperature 1.5 must give more than one text', texts[0])
    }),
    law('no more tokens than asked for, and said so', async (generator) => {
      const asked = Array.from({ length: 6 }, (_, seed): GenerateRequest => ({
        messages: question,
        seed,
        temperature: 1,
        maxTokens: 3,
      }))
      const { generations } = await generator.generate(asked)
      for (const { usage, finishReason } of generations) {
        ensure(usage.outputTokens <= 3, 'no more than maxTokens may be generated', usage.outputTokens)
        ensure(
          finishReason === 'length' || usage.outputTokens >= 0,
          "a text that was cut must say 'length'",
          finishReason,
        )
      }
    }),
    law('usage adds up', async (generator) => {
      const { generations, usage } = await generator.generate(requests)
      const sum = generations.reduce((total, generation) => addUsage(total, generation.usage), noUsage)
      ensure(
        JSON.stringify(sum) === JSON.stringify(usage),
        'the usage of the call must be the sum over its texts',
        { sum, usage },
      )
      ensure(usage.calls === requests.length, 'usage.calls must be the number of requests', usage.calls)
      ensure(usage.inputTokens > 0, 'usage.inputTokens must count the prompts', usage.inputTokens)
      ensure(
        usage.evaluatedTokens <= usage.inputTokens + usage.outputTokens,
        'no more tokens can be evaluated than were given or drawn',
        usage,
      )
      const none = await generator.generate([])
      ensure(
        none.generations.length === 0 && none.usage.calls === 0,
        'no requests must give no texts and cost nothing',
        none,
      )
    }),
    law('each text is told once, as it is returned', async (generator) => {
      const told = new Map<number, Generation>()
      const { generations } = await generator.generate(requests, {
        onGeneration: (index, generation) => {
          ensure(!told.has(index), `text ${index} must be told once`, 'a second time')
          told.set(index, generation)
        },
      })
      ensure(told.size === requests.length, 'every text must be told', told.size)
      for (const [index, { text }] of generations.entries()) {
        ensure(
          told.get(index)?.text === text,
          `text ${index} must be told as it is returned`,
          told.get(index),
        )
      }
    }),
    law('a negative or undefined temperature is refused', async (generator) => {
      for (const temperature of [-1, Number.NaN]) {
        const refused = await generator.generate([ask(question, 1, temperature)]).then(
          () => false,
          () => true,
        )
        ensure(refused, `temperature ${temperature} must be refused`, 'a text')
      }
    }),
    law('unicode and empty prompts, and a beginning of the answer', async (generator) => {
      await textsOf(
        generator,
        ['', ...unicodeTexts].map((content) => ask([{ role: 'user', content }], 1)),
      )
      await textsOf(generator, [ask([...question, { role: 'assistant', content: 'I like' }], 1)])
    }),
    law('a very long prompt is answered or refused with a reason', async (generator) => {
      const outcome = await generator
        .generate([ask([{ role: 'user', content: longText }], 1)])
        .catch((error: unknown) => error)
      if (outcome instanceof Error) ensure(outcome.message.length > 0, 'a refusal must say why', outcome)
    }),
    law('an aborted signal rejects with its reason', async (generator) => {
      const many = Array.from({ length: 40 }, (_, seed) => ask(seed % 2 === 0 ? question : warm, seed))
      await requireCancellation((signal, onFirst) =>
        generator.generate(many, { signal, onGeneration: onFirst }),
      )
    }),
  ]
  if (!seeded) return laws
  return [
    ...laws,
    law('equal seeds give equal texts, whatever stands beside a request', async (generator) => {
      const first = await textsOf(generator, requests)
      const backwards = (await textsOf(generator, requests.toReversed())).toReversed()
      for (const [index, text] of first.entries()) {
        ensure(backwards[index] === text, 'a text must not depend on the order of the requests', [
          text,
          backwards[index],
        ])
        const [alone] = await textsOf(generator, [requests[index] as GenerateRequest])
        ensure(alone === text, 'a text alone must equal the text in a batch', [text, alone])
      }
      ensure(first[3] === first[0], 'equal requests of a batch must have equal texts', [first[0], first[3]])
    }),
    law('temperature 0 is greedy: the seed does not matter', async (generator) => {
      const texts = await textsOf(
        generator,
        [1, 2, 3, 4].map((seed) => ask(warm, seed, 0)),
      )
      ensure(new Set(texts).size === 1, 'greedy texts must be equal', texts)
    }),
  ]
}
