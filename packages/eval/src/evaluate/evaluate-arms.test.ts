import type { GenerateRequest, LikelihoodScorer, PopulationRecord, TextGenerator } from '@mop/core'
import { Mixture, noUsage } from '@mop/core'
import { exampleMixture, fakeEncoder, fakeLikelihoodScorer, fakeTextGenerator } from '@mop/core/testing'
import { describe, expect, test } from 'vitest'
import { armNames, armsNamed } from '../arms/named-arms.ts'
import { promptArm } from '../arms/prompt-arm.ts'
import type { ArmRow } from './arm-row.ts'
import { evaluateArms, type EvaluateArmsOptions } from './evaluate-arms.ts'

const example = exampleMixture()
/** With even weights, so that a few draws hold every persona. */
const mixture = new Mixture({
  ...example,
  gate: { ...example.gate, wx: example.gate.wx.map(() => 0), personaOffsets: new Float64Array(4) },
})
const words = ['soup', 'lamp', 'film', 'bus', 'town']

/** Forty free answers to two inputs, three to one, and twenty closed ones. */
const records: readonly PopulationRecord[] = [
  ...Array.from({ length: 40 }, (_, index) => ({
    id: `t${index}`,
    input: index % 4 === 0 ? 'What do you say?' : 'And you?',
    output: `We like the ${words[index % 5]} of number ${index}, most of the time.`,
    respondent: `p${index}`,
    attributes: { age: index % 2 === 0 ? 'young' : 'old' },
  })),
  ...Array.from({ length: 20 }, (_, index) => ({
    id: `c${index}`,
    input: 'Do you like it?',
    output: index % 3 === 0 ? 'Yes' : 'No',
    choices: ['No', 'Yes'],
    respondent: `p${index}`,
    attributes: { age: index % 2 === 0 ? 'young' : 'old' },
  })),
]

const base = {
  mixture,
  encoder: fakeEncoder(),
  generator: fakeTextGenerator(),
  records,
  n: 24,
  seed: 7,
  maxTokens: 12,
  resamples: 4,
} satisfies Partial<EvaluateArmsOptions>

async function run(names: readonly string[], options: Partial<EvaluateArmsOptions> = {}) {
  const rows: ArmRow[] = []
  const report = await evaluateArms({
    ...base,
    arms: armsNamed(names),
    onRow: (row) => rows.push(row),
    ...options,
  })
  return { report, rows: rows.toSorted((a, b) => (a.id < b.id ? -1 : 1)) }
}

/** A model that says what it is told to, and keeps its requests. */
function scripted(say: (request: GenerateRequest) => string): TextGenerator & { asked: GenerateRequest[] } {
  const asked: GenerateRequest[] = []
  return {
    id: 'scripted',
    asked,
    generate: (requests) => {
      asked.push(...requests)
      const generations = requests.map((request) => ({
        text: say(request),
        finishReason: 'stop' as const,
        usage: { ...noUsage, calls: 1 },
      }))
      return Promise.resolve({ generations, usage: noUsage })
    },
  }
}

describe('every arm', () => {
  test('answers as often, to the same inputs at the same temperatures, and says what it called besides', async () => {
    const { report, rows } = await run(armNames, {
      scorer: fakeLikelihoodScorer(),
      closedAnswers: 'counted',
    })
    expect(report.closedAnswers).toBe('counted')
    expect(report.arms.map(({ name }) => name)).toEqual(armNames)
    const steps = new Map(report.arms.map(({ name, calls }) => [name, calls.steps]))
    expect(Object.fromEntries([...steps].filter(([, count]) => count > 0))).toEqual({
      'zero-gen': 24,
      'attr-prompt': 4,
      // Six records, without a persona and with each of four.
      picle: 30,
    })
    const asked = (name: string) =>
      rows
        .filter(({ arm, kind }) => arm === name && kind === 'answer')
        .map(({ id, input, temperature }) => [id.slice(name.length), input, temperature])
    for (const { name, calls, responses } of report.arms) {
      expect([name, responses, calls.answers]).toEqual([name, 24, 24])
      if (name !== 'mixture-2') expect(asked(name)).toEqual(asked('bare'))
    }
    expect(new Set(asked('bare').map(([, , temperature]) => temperature)).size).toBe(4)
  })

  test('asks inputs in proportion to how often they occur', async () => {
    const { rows } = await run(['bare'], { n: 60 })
    const counts = Map.groupBy(rows, ({ input }) => input)
    expect([...counts].map(([input, of]) => [input, of.length]).toSorted()).toEqual([
      ['And you?', 30],
      ['Do you like it?', 20],
      ['What do you say?', 10],
    ])
  })

  test('has the same rows and the same figures whoever stands beside it', async () => {
    const alone = await run(['mixture'])
    const beside = await run(['few-shot-1', 'mixture', 'zero-gen'])
    expect(beside.rows.filter(({ arm }) => arm === 'mixture')).toEqual(alone.rows)
    expect(beside.report.arms[1]).toEqual(alone.report.arms[0])
  })

  test('gives the same report for the same seed, and goes on where it stopped', async () => {
    const names = ['few-shot-3', 'zero-gen', 'mixture-2']
    const whole = await run(names)
    expect((await run(names)).report).toEqual(whole.report)
    const again = await run(names, { completed: whole.rows.slice(0, 40) })
    expect(again.rows).toEqual(whole.rows.slice(40))
    expect(again.report).toEqual(whole.report)
    expect((await run(names, { seed: 8 })).rows).not.toEqual(whole.rows)
  })
})

test('what stands before the model is what each arm says', async () => {
  const generator = scripted(({ messages }) =>
    messages.at(-1)?.content.includes('List ten') === true ? '1. warm\n2. cold\n- warm' : 'fine',
  )
  const { rows } = await run(
    ['few-shot-3', 'persona-only-uniform', 'exemplars-only', 'random-personas', 'attr-prompt'],
    { generator, concurrency: 1 },
  )
  const of = (name: string) => rows.filter(({ arm, kind }) => arm === name && kind === 'answer')
  for (const { exemplars } of of('few-shot-3')) expect(new Set(exemplars).size).toBe(3)
  const personas = Map.groupBy(of('persona-only-uniform'), (row) => row.personas.join())
  expect([...personas.values()].map((found) => found.length)).toEqual([6, 6, 6, 6])
  expect(of('exemplars-only').map(({ exemplars }) => exemplars)).toEqual(
    of('random-personas').map(({ exemplars }) => exemplars),
  )
  const systems = generator.asked.flatMap(({ messages }) =>
    messages[0]?.content.startsWith('Answer in this way.') === true ? [messages[0].content] : [],
  )
  expect(systems).toHaveLength(24)
  expect(systems[0]).toMatch(
    /^Answer in this way\.\ntone: (warm|cold)\nstyle: (warm|cold)\nlength: (warm|cold)\npoint of view: /,
  )
})

test('one function adds an arm; one temperature may be set for all', async () => {
  const shouting = promptArm({
    name: 'shouting',
    uses: 'no record',
    prompt: ({ input }) => ({ messages: [{ role: 'user', content: input.toUpperCase() }] }),
  })
  const generator = scripted(() => 'YES')
  const { report } = await run([], {
    arms: [shouting, ...armsNamed(['mixture-2'])],
    generator,
    temperature: 0.5,
  })
  expect(report.arms.map(({ name }) => name)).toEqual(['shouting', 'mixture-2'])
  expect(new Set(generator.asked.map(({ temperature }) => temperature))).toEqual(new Set([0.5]))
  expect(generator.asked[0]?.messages[0]?.content).toBe('WHAT DO YOU SAY?')
})

describe('figures', () => {
  test('texts and closed answers are measured apart, each with interval, floor and n', async () => {
    const { report } = await run(['bare'], { n: 30, resamples: 20 })
    const [arm] = report.arms
    expect(arm?.texts?.figures.map(({ metric }) => metric)).toEqual([
      'FID',
      'MAUVE',
      'KL cosine',
      'energy distance',
      'self-BLEU-4',
      'distinct-2',
      'near-copy rate',
      'length shift',
    ])
    expect([arm?.texts?.real, arm?.texts?.simulated]).toEqual([40, 20])
    expect(arm?.texts?.figures[0]?.interval).toBeDefined()
    expect(arm?.texts?.figures[0]?.floor).toBeDefined()
    expect(arm?.texts?.figures[0]?.warnings.length).toBeGreaterThan(0)
    expect(JSON.parse(JSON.stringify(report))).toMatchObject({ mop: 'evaluation', version: 1 })
  })

  test('a model that gives the groups the answers of one another is right overall and wrong in each', async () => {
    const closed = Array.from({ length: 40 }, (_, index) => ({
      id: `c${index}`,
      input: 'Do you like it?',
      output: index % 2 === 0 ? 'Yes' : 'No',
      choices: ['No', 'Yes'],
      attributes: { age: index % 2 === 0 ? 'young' : 'old' },
    }))
    const slots: { readonly input: string; readonly given?: unknown }[] = []
    const swapped = promptArm({
      name: 'swapped',
      uses: 'no record',
      prompt: (slot) => {
        slots.push(slot)
        return { messages: [{ role: 'user', content: JSON.stringify(slot.given) }] }
      },
    })
    const { report } = await run([], {
      arms: [swapped],
      records: closed,
      n: 40,
      groups: 'age',
      generator: scripted(({ messages }) =>
        messages[0]?.content.includes('young') === true ? 'no!' : 'Yes.',
      ),
    })
    const [distance] = report.arms[0]?.choices?.figures ?? []
    expect(distance?.value).toBe(0)
    expect(distance?.groups?.['young']?.value).toBe(1)
    expect(distance?.groups?.['old']?.value).toBe(1)
    expect(slots.filter(({ given }) => JSON.stringify(given) === '{"age":"young"}')).toHaveLength(20)
  })

  test('questions that are each asked once are compared where they are pooled, and have no floor where not', async () => {
    const once = Array.from({ length: 30 }, (_, index) => ({
      id: `c${index}`,
      input: `Do you like number ${index}?`,
      output: index % 3 === 0 ? 'Yes' : 'No',
      choices: ['No', 'Yes'],
      attributes: { age: index < 2 ? 'young' : 'old' },
    }))
    const generator = scripted(({ messages }) =>
      /[0369]\?$/.test(messages.at(-1)?.content ?? '') ? 'Yes' : 'No',
    )
    const options = { records: once, generator, n: 28, groups: 'age' }
    const [apart] = (await run(['bare'], options)).report.arms[0]?.choices?.figures ?? []
    expect(apart?.floor).toBeUndefined()
    expect(apart?.warnings).toContain('No floor: two halves of the real sample cannot be compared.')
    const [pooled] =
      (await run(['bare'], { ...options, poolQuestions: true })).report.arms[0]?.choices?.figures ?? []
    expect(pooled?.floor?.value).toBeLessThan(0.5)
    expect(Object.keys(pooled?.groups ?? {})).toContain('old')
  })

  test('answers that are no choice are counted, and a model that gives none is told of', async () => {
    const some = await run(['bare'], { generator: scripted(({ seed }) => (seed % 4 === 0 ? 'Hm' : 'Yes')) })
    const choices = some.report.arms[0]?.choices
    expect(choices?.unmatched.simulated).toBeGreaterThan(0)
    expect(choices?.unmatched.simulated).toBeLessThan(choices?.simulated ?? 0)
    const few = await run(['bare'], { generator: scripted(({ seed }) => (seed % 8 === 0 ? 'Yes' : 'Hm')) })
    expect(few.report.arms[0]?.choices?.figures).toEqual([])
    expect(few.report.arms[0]?.choices?.notes[0]).toMatch(/\d+ of \d+ answers are none of the choices/)
    const none = await run(['bare'], { generator: scripted(() => 'Hm') })
    expect(none.report.arms[0]?.choices?.figures).toEqual([])
    expect(none.report.arms[0]?.choices?.notes[0]).toContain('nothing to compare')
  })
})

describe('choices weighed by likelihood', () => {
  const closed = Array.from({ length: 40 }, (_, index) => ({
    id: `c${index}`,
    input: 'Do you like it?',
    output: index % 2 === 0 ? 'Yes' : 'No',
    choices: ['No', 'Yes'],
    attributes: { age: index % 4 < 2 ? 'young' : 'old', town: index % 2 === 0 ? 'north' : 'south' },
  }))
  const town = {
    name: 'town',
    values: ['north', 'south'],
    probabilities: Float64Array.from(Array(8).fill(0.5)),
  }
  const towns = new Mixture({ ...mixture, attributes: [...mixture.attributes, town] })
  /** The model says Yes three times as often as No, whatever stands before it. */
  function threeToOne(): LikelihoodScorer & { asked: number } {
    return {
      id: 'three to one',
      asked: 0,
      score(requests, { temperatures = [1] } = {}) {
        this.asked++
        const scores = requests.map(({ continuation }) => ({
          logLikelihoods: Float64Array.from(temperatures, () =>
            Math.log(continuation === 'Yes' ? 0.03 : 0.01),
          ),
          tokens: 1,
        }))
        return Promise.resolve({ scores, usage: { ...noUsage, calls: requests.length, inputTokens: 10 } })
      },
    }
  }

  test('have the distance of the probabilities themselves, without the noise of a draw', async () => {
    const { report, rows } = await run(['bare', 'mixture'], { records: closed, scorer: threeToOne(), n: 14 })
    for (const { choices } of report.arms) {
      expect(choices?.figures[0]?.value).toBeCloseTo(0.25, 12)
      expect(choices?.figures[0]?.units.simulated).toBe(14)
      expect(choices?.unmatched.simulated).toBe(0)
    }
    expect(report.closedAnswers).toBe('weighed')
    expect(rows.every(({ probabilities = [] }) => Math.abs((probabilities[1] ?? 0) - 0.75) < 1e-12)).toBe(
      true,
    )
    expect(new Set(rows.map(({ output }) => output))).toEqual(new Set(['Yes', 'No']))
  })

  test('are asked for once for each prompt and temperature, and go on where they stopped', async () => {
    const scorer = threeToOne()
    const options = { records: closed, scorer, n: 30 }
    const whole = await run(['bare'], options)
    const temperatures = new Set(whole.rows.map(({ temperature }) => temperature))
    expect(scorer.asked).toBe(temperatures.size)
    expect(whole.report.arms[0]?.calls.inputTokens).toBe(10 * temperatures.size)
    const first = whole.rows.filter(({ usage }) => usage.calls > 0)
    const again = await run(['bare'], { ...options, completed: first })
    expect(scorer.asked).toBe(temperatures.size)
    expect(again.rows).toHaveLength(30 - first.length)
    expect(again.report).toEqual(whole.report)
  })

  test('are compared for each group of each attribute, of members of both', async () => {
    const { report, rows } = await run(['bare'], {
      records: closed,
      scorer: threeToOne(),
      mixture: towns,
      n: 40,
      groups: ['age', 'town'],
    })
    const distance = report.arms[0]?.choices?.figures[0]
    const values = Object.entries(distance?.groups ?? {}).map(([group, { value }]) => [
      group,
      value.toFixed(6),
    ])
    expect(Object.fromEntries(values)).toEqual({
      'age: young': '0.250000',
      'age: old': '0.250000',
      'town: north': '0.250000',
      'town: south': '0.750000',
    })
    expect(report.groups).toBe('age, town')
    expect(Map.groupBy(rows, ({ groups }) => groups?.join()).size).toBe(4)
  })

  test('refuse a question whose every choice is impossible', async () => {
    const scorer: LikelihoodScorer = {
      id: 'never',
      score: (requests) =>
        Promise.resolve({
          scores: requests.map(() => ({ logLikelihoods: Float64Array.of(-Infinity), tokens: 1 })),
          usage: noUsage,
        }),
    }
    await expect(run(['bare'], { records: closed, scorer })).rejects.toThrow('"Do you like it?"')
  })
})

describe('refuses', () => {
  test.each([
    [{ arms: [] }, '`arms`'],
    [{ arms: armsNamed(['bare', 'bare']) }, 'different names'],
    [{ n: 0 }, '`n`'],
    [{ groups: 'height' }, 'one of age'],
    [{ groups: ['age', 'height'] }, 'one of age'],
    [{ temperature: Number.NaN }, '`temperature`'],
    [{ records: [] }, '`records`'],
    [{ records: [{ id: 'w', input: 'a', output: 'b', weight: 0 }] }, 'at least one of positive weight'],
    [{ records: [{ id: 'p', input: 'a', output: 'b' }], groups: 'age' }, 'age, which none of them has'],
    [{ arms: armsNamed(['few-shot-9']) }, 'at least 9 records'],
  ])('%j', async (options, message) => {
    await expect(run(['bare'], options)).rejects.toThrow(message)
  })

  test('an unknown arm, naming those there are', () => {
    expect(() => armsNamed(['bear'])).toThrow(/bare, zero-gen.*found "bear"/)
    expect(armsNamed(['few-shot-12', 'mixture-4']).map(({ name }) => name)).toEqual([
      'few-shot-12',
      'mixture-4',
    ])
  })

  test('nothing before it is asked: an abort stops it', async () => {
    const generator = scripted(() => 'x')
    await expect(run(['bare'], { generator, signal: AbortSignal.abort() })).rejects.toThrow(/abort/i)
    expect(generator.asked).toEqual([])
  })
})
