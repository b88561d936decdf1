import {
  createRandom,
  type LikelihoodScorer,
  Mixture,
  noUsage,
  personaInstruction,
  type Score,
  type ScoreRequest,
} from '@mop/core'
import { exampleMixture, fakeEncoder, fakeTextGenerator } from '@mop/core/testing'
import { expect, test } from 'vitest'
import type { ArmRow } from '../evaluate/arm-row.ts'
import { evaluateArms, type EvaluateArmsOptions } from '../evaluate/evaluate-arms.ts'
import { personaOnly } from './persona-only.ts'
import { picle } from './picle.ts'

const example = exampleMixture()
/** With even weights, so that draws hold every persona. */
const mixture = new Mixture({
  ...example,
  gate: { ...example.gate, wx: example.gate.wx.map(() => 0), personaOffsets: new Float64Array(4) },
})
const training = Array.from({ length: 10 }, (_, index) => ({
  id: `r${index}`,
  input: `What of ${index % 3}?`,
  output: `A record of number ${index}, ${'and so on '.repeat(index % 4)}`,
}))
const records = Array.from({ length: 12 }, (_, index) => ({
  id: `t${index}`,
  input: 'And you?',
  output: `Real answer number ${index}.`,
}))

/** What a text is given for log p after its prompt: like nothing else, and never the same twice. */
function madeUp({ messages, continuation }: ScoreRequest): number {
  return -1 - 40 * createRandom(JSON.stringify([messages, continuation])).next()
}

/** Keeps what it is asked; may fail at the request of a number. */
function keeping(of: (request: ScoreRequest) => number = madeUp, failAt = Infinity) {
  const asked: ScoreRequest[] = []
  const scorer: LikelihoodScorer & { readonly asked: ScoreRequest[] } = {
    id: 'keeping',
    asked,
    score: (requests, { onScore } = {}) => {
      const scores: Score[] = []
      for (const [index, request] of requests.entries()) {
        if (asked.length === failAt) return Promise.reject(new Error('the line went dead'))
        asked.push(request)
        const score = { logLikelihoods: Float64Array.of(of(request)), tokens: 3 }
        scores.push(score)
        onScore?.(index, score)
      }
      return Promise.resolve({ scores, usage: { ...noUsage, calls: requests.length, inputTokens: 100 } })
    },
  }
  return scorer
}

async function run(options: Partial<EvaluateArmsOptions> = {}) {
  const rows: ArmRow[] = []
  const report = await evaluateArms({
    mixture,
    encoder: fakeEncoder(),
    generator: fakeTextGenerator(),
    scorer: keeping(),
    records,
    training,
    arms: [picle()],
    n: 12,
    seed: 5,
    maxTokens: 8,
    resamples: 0,
    onRow: (row) => rows.push(row),
    ...options,
  })
  return { report, rows }
}

const answersOf = (rows: readonly ArmRow[], name: string): ArmRow[] =>
  rows.filter(({ arm, kind }) => arm === name && kind === 'answer').toSorted((a, b) => (a.id < b.id ? -1 : 1))

test('shows the records that the persona of the draw makes likelier by most, as the definition says', async () => {
  const { rows } = await run({ arms: [picle(), personaOnly({ weights: 'learned' })] })
  const drawn = answersOf(rows, 'persona-only-learned').map(({ personas }) => personas[0])
  expect(new Set(drawn).size).toBe(4)
  for (const [index, { exemplars }] of answersOf(rows, 'picle').entries()) {
    const persona = mixture.personas.find(({ id }) => id === drawn[index])
    const ratio = ({ input, output: continuation }: (typeof training)[number]): number => {
      const question = { role: 'user' as const, content: input }
      const system = { role: 'system' as const, content: `${personaInstruction}\n\n${persona?.text}` }
      return (
        madeUp({ messages: [system, question], continuation }) -
        madeUp({ messages: [question], continuation })
      )
    }
    const ranked = training.toSorted((one, other) => ratio(other) - ratio(one))
    expect(exemplars).toEqual(ranked.slice(0, 3).map(({ id }) => id))
  }
})

test('scores each record once without a persona and once with each that is drawn, as calls that are counted', async () => {
  const scorer = keeping()
  const { report, rows } = await run({ scorer })
  expect(scorer.asked).toHaveLength(50)
  expect(report.arms[0]?.calls).toMatchObject({ answers: 12, steps: 50 })
  const steps = rows.filter(({ kind }) => kind === 'step')
  expect(steps).toHaveLength(50)
  expect(steps.reduce((sum, { usage }) => sum + usage.calls, 0)).toBe(50)
  expect(steps[0]).toMatchObject({ output: '', personas: [], temperature: 1, model: 'keeping' })
  expect(report.notes).toContain('picle: 4 of 4 personas ranked 10 of 10 records.')
})

test('scores no more candidates than it may, the same for every persona', async () => {
  const { report, rows } = await run({ arms: [picle({ examples: 1, candidates: 4 })] })
  expect(report.arms[0]?.calls.steps).toBe(20)
  const scored = rows.filter(({ kind }) => kind === 'step').flatMap(({ exemplars }) => exemplars)
  expect(new Set(scored).size).toBe(4)
  for (const { exemplars } of answersOf(rows, 'picle')) expect(scored).toContain(exemplars[0])
})

test('goes on where it stopped, also where a call fails half-way: nothing is scored twice', async () => {
  const whole = await run()
  const kept: ArmRow[] = []
  const failing = keeping(madeUp, 23)
  await expect(run({ scorer: failing, onRow: (row) => kept.push(row) })).rejects.toThrow('went dead')
  expect(kept).toHaveLength(23)
  const scorer = keeping()
  const again = await run({ scorer, completed: kept })
  expect(scorer.asked).toHaveLength(27)
  const chosen = (rows: readonly ArmRow[]) => answersOf(rows, 'picle').map(({ exemplars }) => exemplars)
  expect(chosen(again.rows)).toEqual(chosen(whole.rows))
  const all = await run({ scorer, completed: JSON.parse(JSON.stringify(whole.rows)) as ArmRow[] })
  expect(scorer.asked).toHaveLength(27)
  expect(all.rows).toEqual([])
  expect(all.report).toEqual(whole.report)
})

test('puts a record that no prompt can give last, and keeps that it is so', async () => {
  const scorer = keeping((request) =>
    request.continuation.includes('number 4') ? -Infinity : madeUp(request),
  )
  const { rows } = await run({ scorer, arms: [picle({ examples: 9 })] })
  for (const { exemplars } of answersOf(rows, 'picle')) expect(exemplars).not.toContain('r4')
  const completed = JSON.parse(JSON.stringify(rows)) as ArmRow[]
  const again = keeping()
  await run({ scorer: again, arms: [picle({ examples: 9 })], completed })
  expect(again.asked).toEqual([])
})

test.each([
  [{ scorer: undefined }, '`scorer` must be one: the arm picle'],
  [{ arms: [picle({ examples: 11 })] }, 'at least 11 records for the arm picle'],
])('fails with %j', async (options, message) => {
  await expect(run(options)).rejects.toThrow(message)
})

test.each([
  [{ examples: 0 }, '`examples`'],
  [{ examples: 4, candidates: 3 }, '`candidates`'],
])('refuses %j', (options, message) => {
  expect(() => picle(options)).toThrow(message)
})
