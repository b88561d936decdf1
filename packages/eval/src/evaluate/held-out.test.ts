import {
  chatTemplate,
  type LikelihoodScorer,
  noUsage,
  type PopulationRecord,
  type TextGenerator,
  TextTooLongError,
} from '@mop/core'
import { logSumExp } from '@mop/core/numeric'
import { exampleMixture, fakeEncoder, fakeLikelihoodScorer } from '@mop/core/testing'
import { describe, expect, test } from 'vitest'
import { armsNamed } from '../arms/named-arms.ts'
import { picle } from '../arms/picle.ts'
import type { ArmRow } from './arm-row.ts'
import { evaluateArms, type EvaluateArmsOptions } from './evaluate-arms.ts'

const mixture = exampleMixture()
const encoder = fakeEncoder()
const generator: TextGenerator = {
  id: 'silent',
  generate: (requests) =>
    Promise.resolve({
      generations: requests.map(() => ({ text: 'x', finishReason: 'stop' as const, usage: noUsage })),
      usage: noUsage,
    }),
}
const records: readonly PopulationRecord[] = Array.from({ length: 12 }, (_, index) => ({
  id: `r${index}`,
  input: index % 3 === 0 ? 'And you?' : 'What do you say?',
  output: `We say so to ${index}.`,
  respondent: `p${index >> 1}`,
}))

function counting(): LikelihoodScorer & { scored: number } {
  const fake = fakeLikelihoodScorer()
  return {
    id: fake.id,
    scored: 0,
    async score(requests, options) {
      this.scored += requests.length
      return await fake.score(requests, options)
    },
  }
}

async function run(
  names: readonly string[],
  options: Partial<EvaluateArmsOptions> & Pick<EvaluateArmsOptions, 'heldOut'>,
) {
  const rows: ArmRow[] = []
  const report = await evaluateArms({
    mixture,
    encoder,
    generator,
    records,
    n: 60,
    seed: 5,
    resamples: 4,
    arms: armsNamed(names),
    onRow: (row) => rows.push(row),
    ...options,
  })
  return { report, rows }
}

test('under many prompts of the mixture is its exact likelihood, summed over all components', async () => {
  const scorer = fakeLikelihoodScorer()
  const single = records.filter(({ input }) => input !== 'And you?')
  const n = 1000
  const heldOut = { scorer, records: single.length, prompts: n }
  const { report } = await run(['mixture'], { heldOut, records: single, n, resamples: 0 })
  const [x] = (await encoder.encode(['What do you say?'])).embeddings
  const logWeights = mixture.logComponentWeights(x as Float32Array)
  const width = mixture.exemplars.length
  const found = report.arms[0]?.likelihoods?.ofEach ?? []
  expect(found).toHaveLength(8)
  for (const [index, { output }] of single.entries()) {
    const logOfEach: number[] = []
    for (const component of logWeights.keys()) {
      const k = Math.floor(component / width)
      const pair = { persona: mixture.personas[k], exemplar: mixture.exemplars[component % width] }
      const messages = chatTemplate.render([pair], 'What do you say?')
      const temperatures = [mixture.temperatures[k] as number]
      const { scores } = await scorer.score([{ messages, continuation: output }], { temperatures })
      logOfEach.push(scores[0]?.logLikelihoods[0] as number)
    }
    const exact = logSumExp(logOfEach.map((value, component) => value + (logWeights[component] as number)))
    // Systematic draws: every component as often as its weight says, give or take one of n.
    const bound = Math.exp(logSumExp(logOfEach) - exact) / n
    expect(bound).toBeLessThan(0.3)
    expect(Math.abs(Math.exp((found[index] as number) - exact) - 1)).toBeLessThan(bound)
  }
  expect(report.arms[0]?.texts?.figures.at(-2)?.metric).toBe('log-likelihood')
})

describe('the responses', () => {
  test('are the same under every arm, with the arm’s own answers’ prompts, and scored once for equal prompts', async () => {
    const scorer = counting()
    const { report, rows } = await run(['bare', 'mixture'], { heldOut: { scorer, records: 8, prompts: 5 } })
    const scores = rows.filter(({ kind }) => kind === 'score')
    expect(scores).toHaveLength(2 * 8 * 5)
    const named = (arm: string) =>
      scores
        .filter((row) => row.arm === arm)
        .map(({ id }) => id.slice(arm.length))
        .toSorted()
    expect(named('bare')).toEqual(named('mixture'))
    expect(report.heldOut).toMatchObject({ records: 8, eligible: 12, prompts: 5 })
    // A character is a token, and so is the end; one or two digits.
    expect(report.heldOut?.tokens).toBeGreaterThanOrEqual('We say so to 1.'.length + 1)
    expect(report.heldOut?.tokens).toBeLessThanOrEqual('We say so to 10.'.length + 1)
    // The bare prompt is one for each input: all its temperatures in one request.
    expect(report.arms[0]?.calls.scores).toBe(8)
    expect(report.arms[1]?.calls.scores).toBeGreaterThan(8)
    expect(scorer.scored).toBe((report.arms[0]?.calls.scores ?? 0) + (report.arms[1]?.calls.scores ?? 0))
    expect(JSON.stringify(rows.filter(({ kind }) => kind === 'score'))).not.toContain('We say so')
    expect(report.notes.at(-1)).toContain('8 of 12 free responses')
  })

  describe('whose input is asked once', () => {
    const rare = records.slice(0, 6).map((record, index) => ({ ...record, input: `Question ${index}?` }))
    const heldOut = { records: 6, prompts: 8 }

    test('get further prompts of the arm, in their own draws, without an answer or a call', async () => {
      const scorer = counting()
      const { report, rows } = await run(['mixture', 'few-shot-1'], {
        heldOut: { ...heldOut, scorer },
        records: rare,
        n: 6,
      })
      expect(report.heldOut).toMatchObject({ records: 6, prompts: 8 })
      expect(report.heldOut?.fewer).toBeUndefined()
      for (const { name, calls } of report.arms) {
        expect(calls).toMatchObject({ answers: 6, steps: 0 })
        const scores = rows.filter(({ arm, kind }) => arm === name && kind === 'score')
        expect(scores).toHaveLength(6 * 8)
        expect(new Set(scores.map(({ id }) => id)).size).toBe(48)
        // Not the prompt of the answer again and again.
        const ofOne = scores.filter(({ id }) => id.includes(' r0 '))
        expect(new Set(ofOne.map(({ logLikelihood }) => logLikelihood)).size).toBeGreaterThan(2)
      }
      const again = await run(['mixture', 'few-shot-1'], {
        heldOut: { ...heldOut, scorer: counting() },
        records: rare,
        n: 6,
        completed: JSON.parse(JSON.stringify(rows)) as ArmRow[],
      })
      expect(again.rows).toEqual([])
      expect(again.report).toEqual(report)
    })

    test('nearly have their exact likelihood under the mixture, which one prompt each does not give', async () => {
      const scorer = fakeLikelihoodScorer()
      const few = await run(['mixture'], {
        heldOut: { records: 6, prompts: 1, scorer },
        records: rare,
        n: 6,
        resamples: 0,
      })
      const many = await run(['mixture'], {
        heldOut: { records: 6, prompts: 600, scorer },
        records: rare,
        n: 6,
        resamples: 0,
      })
      const width = mixture.exemplars.length
      let gapOfFew = 0
      for (const [index, { input, output }] of rare.entries()) {
        const [x] = (await encoder.encode([input])).embeddings
        const weighed: number[] = []
        for (const [component, logWeight] of mixture.logComponentWeights(x as Float32Array).entries()) {
          const k = Math.floor(component / width)
          const pair = { persona: mixture.personas[k], exemplar: mixture.exemplars[component % width] }
          const { scores } = await scorer.score(
            [{ messages: chatTemplate.render([pair], input), continuation: output }],
            { temperatures: [mixture.temperatures[k] as number] },
          )
          weighed.push(logWeight + (scores[0]?.logLikelihoods[0] as number))
        }
        const exact = logSumExp(weighed)
        const found = many.report.arms[0]?.likelihoods?.ofEach[index] as number
        expect(Math.abs(found - exact)).toBeLessThan(0.2)
        gapOfFew += Math.abs((few.report.arms[0]?.likelihoods?.ofEach[index] as number) - exact) / 6
      }
      expect(gapOfFew).toBeGreaterThan(0.2)
    })

    test('are scored under what an arm has ranked already', async () => {
      const { report } = await run([], {
        arms: [picle({ examples: 1, candidates: 2 })],
        heldOut: { ...heldOut, scorer: counting() },
        scorer: counting(),
        records: rare,
        n: 40,
      })
      expect(report.heldOut).toMatchObject({ prompts: 8 })
      expect(report.heldOut?.fewer).toBeUndefined()
    })

    test('keep to the prompts that were answered where more would take calls, and the report says so', async () => {
      const { report } = await run(['zero-gen', 'attr-prompt'], {
        heldOut: { ...heldOut, scorer: counting() },
        records: rare,
        n: 6,
      })
      expect(report.heldOut?.fewer).toEqual({ arms: ['zero-gen'], prompts: 1 })
      expect(report.notes.at(-1)).toContain('Of zero-gen it rests on the 1.0 prompts')
      expect(report.arms.map(({ calls }) => calls.steps)).toEqual([6, 4])
    })
  })

  test('and figures of an arm do not depend on which others there are', async () => {
    const heldOut = { scorer: counting(), records: 6, prompts: 3 }
    const alone = await run(['mixture'], { heldOut })
    const beside = await run(['bare', 'mixture'], { heldOut })
    expect(beside.report.arms[1]).toEqual(alone.report.arms[0])
  })

  test('are not paid for twice: a run goes on from its rows, also read from a file', async () => {
    const heldOut = { scorer: counting(), records: 8, prompts: 5 }
    const whole = await run(['mixture'], { heldOut })
    const kept = whole.rows.slice(0, 75)
    expect(kept.filter(({ kind }) => kind === 'score').length).toBeGreaterThan(10)
    const rest = { scorer: counting(), records: 8, prompts: 5 }
    const completed = JSON.parse(JSON.stringify(kept)) as ArmRow[]
    const again = await run(['mixture'], { heldOut: rest, completed })
    expect([...kept, ...again.rows]).toHaveLength(whole.rows.length)
    expect(rest.scorer.scored).toBeLessThan(heldOut.scorer.scored)
    const ofEach = again.report.arms[0]?.likelihoods?.ofEach
    expect(ofEach).toEqual(whole.report.arms[0]?.likelihoods?.ofEach)
    const nothing = { scorer: counting(), records: 8, prompts: 5 }
    const last = await run(['mixture'], { heldOut: nothing, completed: whole.rows })
    expect(nothing.scorer.scored).toBe(0)
    expect(last.report).toEqual(whole.report)
  })

  test('are scored under prompts that ask members of their group', async () => {
    const ages = records.map((record, index) => ({
      ...record,
      attributes: { age: index % 2 === 0 ? 'young' : 'old' },
    }))
    const heldOut = { scorer: counting(), records: 12, prompts: 4 }
    const { rows, report } = await run(['mixture'], { heldOut, records: ages, groups: 'age' })
    const groupOf = new Map(
      rows.filter(({ kind }) => kind === 'answer').map(({ id, groups }) => [id, groups?.[0]]),
    )
    const scores = rows.filter(({ kind }) => kind === 'score')
    expect(scores).toHaveLength(48)
    for (const { id, groups } of scores) {
      const [, record = '', slot = ''] = id.split(' ')
      expect(groupOf.get(`mixture/${slot}`)).toBe(groups?.[0])
      expect(groups?.[0]).toBe(Number(record.slice(1)) % 2 === 0 ? 'young' : 'old')
    }
    expect(report.arms[0]?.texts?.figures.at(-1)?.groups).toBeUndefined()
  })

  test('none are taken on request, at temperature 0, or of closed answers alone', async () => {
    const scorer = counting()
    const none = await run(['bare'], { heldOut: { scorer, records: 0 } })
    expect([none.report.heldOut, none.report.arms[0]?.likelihoods]).toEqual([undefined, undefined])
    const cold = await run(['bare'], { heldOut: { scorer }, temperature: 0 })
    expect(cold.report.notes).toContain('At temperature 0 a response has no likelihood: none was taken.')
    expect(scorer.scored).toBe(0)
  })

  test('too long for the model are named', async () => {
    const heldOut = { scorer: fakeLikelihoodScorer({ limit: 20 }) }
    const error = await run(['bare'], { heldOut }).catch((thrown: unknown) => thrown)
    expect(TextTooLongError.isInstance(error) && error.texts[0]?.id).toMatch(/^r\d+$/)
  })

  test.each([
    [{ records: -1 }, 'heldOut.records'],
    [{ prompts: 0 }, 'heldOut.prompts'],
  ])('%j is refused', async (options, message) => {
    await expect(run(['bare'], { heldOut: { scorer: counting(), ...options } })).rejects.toThrow(message)
  })

  test('are scored by the scorer of the evaluation unless they have their own', async () => {
    const scorer = counting()
    const { report } = await run(['bare'], { scorer, heldOut: { records: 3, prompts: 1 } })
    expect(scorer.scored).toBe(report.arms[0]?.calls.scores)
    await expect(run(['bare'], { heldOut: {} })).rejects.toThrow('heldOut.scorer')
  })
})

test('impossible responses survive the file as what they are', async () => {
  const scorer: LikelihoodScorer = {
    id: 'never',
    score: (requests, { temperatures = [1] } = {}) =>
      Promise.resolve({
        scores: requests.map(() => ({
          logLikelihoods: new Float64Array(temperatures.length).fill(-Infinity),
          tokens: 4,
        })),
        usage: noUsage,
      }),
  }
  const whole = await run(['bare'], { heldOut: { scorer, records: 2, prompts: 2 } })
  const completed = JSON.parse(JSON.stringify(whole.rows)) as ArmRow[]
  const again = await run(['bare'], { heldOut: { scorer, records: 2, prompts: 2 }, completed })
  expect(again.rows).toEqual([])
  expect(again.report.arms[0]?.likelihoods?.ofEach).toEqual([-Infinity, -Infinity])
})
