import {
  createRandom,
  type GenerateRequest,
  type LikelihoodScorer,
  noUsage,
  shuffle,
  type TextGenerator,
} from '@mop/core'
import { exampleMixture, fakeEncoder } from '@mop/core/testing'
import { describe, expect, test } from 'vitest'
import type { ArmRow } from '../evaluate/arm-row.ts'
import { evaluateArms, type EvaluateArmsOptions } from '../evaluate/evaluate-arms.ts'
import { bare } from './bare.ts'
import { proGen, type ProGenOptions } from './pro-gen.ts'
import { differentAnswers, usefulAnswers } from './useful-answers.ts'

const about: Readonly<Record<string, readonly string[]>> = {
  'Food?': ['soup', 'bread', 'wine', 'cheese', 'salt'],
  'Films?': ['actor', 'scene', 'camera', 'plot', 'score'],
}
const inputs = Object.keys(about)
const records = Array.from({ length: 30 }, (_, index) => ({
  id: `t${index}`,
  input: inputs[index % 2] ?? '',
  output: `Real answer number ${index}.`,
}))

/** Says words of what it is asked, by its seed, or the same of everything; keeps its requests. */
function speaker(separate: boolean): TextGenerator & { readonly asked: GenerateRequest[] } {
  const asked: GenerateRequest[] = []
  return {
    id: 'speaker',
    asked,
    generate: (requests, { onGeneration } = {}) => {
      asked.push(...requests)
      const generations = requests.map(({ messages, seed }) => {
        const random = createRandom(seed)
        const words = separate ? about[messages.at(-1)?.content ?? ''] : Object.values(about).flat()
        const text = Array.from(
          { length: 4 },
          () => words?.[Math.floor(random.next() * words.length)] ?? '',
        ).join(' ')
        return { text, finishReason: 'stop' as const, usage: { ...noUsage, calls: 1 } }
      })
      for (const [index, generation] of generations.entries()) onGeneration?.(index, generation)
      return Promise.resolve({ generations, usage: noUsage })
    },
  }
}

async function run(options: Partial<EvaluateArmsOptions> = {}, proGenOptions: ProGenOptions = {}) {
  const rows: ArmRow[] = []
  const report = await evaluateArms({
    mixture: exampleMixture(),
    encoder: fakeEncoder(),
    generator: speaker(true),
    records,
    arms: [proGen(proGenOptions)],
    n: 60,
    seed: 3,
    resamples: 0,
    onRow: (row) => rows.push(row),
    ...options,
  })
  return { report, rows }
}

const noted = (notes: readonly string[]): string => notes.find((note) => note.startsWith('pro-gen')) ?? ''

describe('pro-gen', () => {
  test('answers in rounds without a call more, later ones with its own earlier answers to the same input', async () => {
    const generator = speaker(true)
    const { report, rows } = await run({ generator }, { rounds: 4, share: 1 })
    expect(report.arms[0]?.calls).toMatchObject({ answers: 60, steps: 0 })
    expect(rows).toHaveLength(60)
    expect(new Set(rows.map(({ id }) => id)).size).toBe(60)
    // In the order in which they were answered.
    const answered = new Map<string, ArmRow>()
    for (const [index, row] of rows.entries()) {
      expect(row.exemplars).toHaveLength(index < 15 ? 0 : 3)
      const { messages } = generator.asked[index] ?? { messages: [] }
      const shown = row.exemplars.map((id) => answered.get(id))
      for (const example of shown) expect(example?.input).toBe(row.input)
      expect(messages.map(({ content }) => content)).toEqual([
        ...shown.flatMap((example) => [example?.input, example?.output]),
        row.input,
      ])
      answered.set(row.id, row)
    }
    expect(noted(report.notes)).toMatch(/ranked by influence before 3 of 3 later rounds\.$/)
  })

  test('has the inputs and temperatures of the other arms, and half its later prompts are zero-shot', async () => {
    const { rows } = await run({ arms: [bare(), proGen()], n: 200 })
    const of = (name: string) =>
      rows
        .filter(({ arm }) => arm === name)
        .map(({ id, input, temperature }) => [id.slice(name.length), input, temperature])
        .toSorted()
    expect(of('pro-gen')).toEqual(of('bare'))
    const later = rows.filter(({ arm }) => arm === 'pro-gen').slice(40)
    const share = later.filter(({ exemplars }) => exemplars.length > 0).length / later.length
    expect(share).toBeGreaterThan(0.38)
    expect(share).toBeLessThan(0.62)
  })

  test('goes on where it stopped, also in the middle of a round', async () => {
    const whole = await run()
    const again = await run({ completed: whole.rows.slice(0, 31) })
    expect(again.rows).toEqual(whole.rows.slice(31))
    expect(again.report).toEqual(whole.report)
  })

  test('weighs closed answers once for each prompt and temperature, over all rounds', async () => {
    const asked: string[] = []
    const scorer: LikelihoodScorer = {
      id: 'even',
      score: (requests, { temperatures } = {}) => {
        asked.push(JSON.stringify([requests[0]?.messages, temperatures]))
        return Promise.resolve({
          scores: requests.map(() => ({ logLikelihoods: Float64Array.of(-1), tokens: 1 })),
          usage: { ...noUsage, calls: requests.length },
        })
      },
    }
    const closed = records.map((record, index) => ({
      ...record,
      output: index % 2 === 0 ? 'Yes' : 'No',
      choices: ['No', 'Yes'],
    }))
    const whole = await run({ records: closed, scorer })
    expect(whole.rows).toHaveLength(60)
    expect(new Set(asked).size).toBe(asked.length)
    expect(asked.length).toBeLessThan(60)
    const again = await run({ records: closed, scorer, completed: whole.rows.slice(0, 31) })
    expect(again.report).toEqual(whole.report)
  })

  test('says so where answers do not tell inputs apart, and where there is one input', async () => {
    const alike = await run({ generator: speaker(false) })
    expect(noted(alike.report.notes)).toMatch(
      /before 0 of 4 later rounds; .*drawn evenly: .*do not tell the inputs apart/,
    )
    const one = await run({ records: records.filter(({ input }) => input === 'Food?') })
    expect(noted(one.report.notes)).toMatch(/before 0 of 4 later rounds; .*fewer than two inputs/)
    expect(one.rows.some(({ exemplars }) => exemplars.length === 3)).toBe(true)
  })

  test('has fewer rounds where there are fewer answers, and shows nothing where nothing was said', async () => {
    const silent: TextGenerator = {
      id: 'silent',
      generate: (requests) =>
        Promise.resolve({
          generations: requests.map(() => ({ text: ' ', finishReason: 'stop' as const, usage: noUsage })),
          usage: noUsage,
        }),
    }
    const { rows } = await run({ generator: silent, n: 3 }, { share: 1 })
    expect(rows.map(({ exemplars }) => exemplars)).toEqual([[], [], []])
  })

  test.each([
    [{ rounds: 1 }, '`rounds`'],
    [{ examples: 0 }, '`examples`'],
    [{ examples: 3, pool: 2 }, '`pool`'],
    [{ share: 0 }, '`share`'],
    [{ share: 1.5 }, '`share`'],
    [{ ridge: 0 }, '`ridge`'],
  ])('refuses %j', (options, message) => {
    expect(() => proGen(options)).toThrow(message)
  })
})

describe('useful answers', () => {
  const encoder = fakeEncoder()
  const encode = async (texts: readonly string[]) => (await encoder.encode(texts)).embeddings
  const random = createRandom('answers')
  const word = (input: string): string => about[input]?.[Math.floor(5 * random.next())] ?? ''
  const answers = Array.from({ length: 100 }, (_, index) => {
    const input = inputs[index % 2] ?? ''
    return { id: `a${index}`, input, output: `${word(input)} ${word(input)} ${index}` }
  })
  const wrong = new Set(
    shuffle(
      random,
      answers.map(({ id }) => id),
    ).slice(0, 12),
  )
  /** Some answers are to the other input. */
  const mixed = answers.map((answer) =>
    wrong.has(answer.id)
      ? { ...answer, input: inputs.find((input) => input !== answer.input) ?? '' }
      : answer,
  )

  test('are those that fit their input: answers to another one help least', async () => {
    const ranking = await usefulAnswers(mixed, { random: createRandom(1), ridge: 1, encode })
    if ('unranked' in ranking) throw new Error(ranking.unranked)
    expect(ranking.influence.size).toBe(100)
    const order = mixed
      .map(({ id }) => id)
      .toSorted((one, other) => (ranking.influence.get(one) ?? 0) - (ranking.influence.get(other) ?? 0))
    // By chance six of the twelve would be among the better half.
    expect(order.slice(0, 50).filter((id) => wrong.has(id))).toHaveLength(0)
    expect(order.slice(-20).filter((id) => wrong.has(id)).length).toBeGreaterThanOrEqual(9)
  })

  test('leave out inputs with fewer than four answers', async () => {
    const rare = { id: 'rare', input: 'Weather?', output: 'rain' }
    const ranking = await usefulAnswers([...answers, rare], { random: createRandom(1), ridge: 1, encode })
    expect('influence' in ranking && [ranking.influence.size, ranking.influence.has('rare')]).toEqual([
      100,
      false,
    ])
  })

  test('count a text once for each input, and no empty one', () => {
    const texts: readonly (readonly [string, string])[] = [
      ['Food?', 'Soup'],
      ['Food?', ' soup '],
      ['Films?', 'Soup'],
      ['Food?', ''],
    ]
    const given = texts.map(([input, output], index) => ({ id: String(index), input, output }))
    expect(differentAnswers(given).map(({ id }) => id)).toEqual(['0', '2'])
  })
})
