import { bindEncoder, createRandom, Mixture } from '@mop/core'
import { exampleMixture, fakeEncoder } from '@mop/core/testing'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { klCosine } from '../embedding/kl-cosine.ts'
import { embeddingsOf } from '../embedding/embeddings.ts'
import { portrayAnswers } from './portray-answers.ts'
import { portrayCosines } from './portray-cosines.ts'
import { portrayMap } from './portray-map.ts'
import { portrayWeights } from './portray-weights.ts'
import { portrayedArms } from './portrayed-arms.ts'

/** Vectors with a direction, so that each has cosines with others. */
const vectors = (least: number) =>
  fc.array(
    fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 5, maxLength: 5 }).map((row) => [...row, 7]),
    { minLength: least, maxLength: 30 },
  )
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

describe('the map', () => {
  test('is an orthogonal projection of what it draws, onto uncorrelated axes that show the shares it says', () => {
    fc.assert(
      fc.property(vectors(3), vectors(3), (real, simulated) => {
        const map = portrayMap(
          [{ embeddings: embeddingsOf(real) }, { arm: 'mixture', embeddings: embeddingsOf(simulated) }],
          { random: createRandom(1) },
        )
        const rows = [...real, ...simulated]
        const x = map.series.flatMap((one) => one.x)
        const y = map.series.flatMap((one) => one.y)
        expect(map.series.map(({ arm, answers }) => [arm, answers])).toEqual([
          [undefined, real.length],
          ['mixture', simulated.length],
        ])
        const means =
          rows[0]?.map((_, column) => sum(rows.map((row) => row[column] ?? 0)) / rows.length) ?? []
        const total = sum(
          rows.map((row) => sum(row.map((value, column) => (value - (means[column] ?? 0)) ** 2))),
        )
        const slack = 1e-3 * (1 + total)
        for (const [axis, values] of [x, y].entries()) {
          expect(Math.abs(sum(values))).toBeLessThan(slack)
          expect(
            Math.abs(sum(values.map((value) => value ** 2)) - (map.explained[axis] ?? 0) * total),
          ).toBeLessThan(slack)
        }
        expect(map.explained[0]).toBeGreaterThanOrEqual(map.explained[1])
        expect(Math.abs(sum(x.map((value, point) => value * (y[point] ?? 0))))).toBeLessThan(slack)
        for (const [i, row] of rows.entries()) {
          const [other = [], j] = [rows[(i + 1) % rows.length], (i + 1) % rows.length]
          const far = Math.hypot(...row.map((value, column) => value - (other[column] ?? 0)))
          const drawn = Math.hypot((x[i] ?? 0) - (x[j] ?? 0), (y[i] ?? 0) - (y[j] ?? 0))
          expect(drawn).toBeLessThanOrEqual(far + 1e-2)
        }
      }),
      { numRuns: 40 },
    )
  })

  test('draws no more points than asked, the same for a seed, of an arm whichever others there are', () => {
    const random = createRandom(5)
    const rows = (count: number) =>
      embeddingsOf(Array.from({ length: count }, () => [random.next(), random.next(), 1]))
    const [real, one, two] = [rows(50), rows(9), rows(40)]
    const draw = (seed: number) =>
      portrayMap([{ embeddings: real }, { arm: 'a', embeddings: one }, { arm: 'b', embeddings: two }], {
        random: createRandom(seed),
        most: 20,
      })
    expect(draw(1)).toEqual(draw(1))
    expect(draw(1)).not.toEqual(draw(2))
    expect(draw(1).series.map(({ x, y, answers }) => [x.length, y.length, answers])).toEqual([
      [20, 20, 50],
      [9, 9, 9],
      [20, 20, 40],
    ])
  })

  test('of answers that are all the same is one point', () => {
    const same = embeddingsOf([
      [1, 2],
      [1, 2],
    ])
    const map = portrayMap([{ embeddings: same }], { random: createRandom(1) })
    expect(map).toEqual({ explained: [0, 0], series: [{ answers: 2, x: [0, 0], y: [0, 0] }] })
  })
})

test('cosine shares are of all pairs, lie in the bins of their cosines, and their divergence is KL cosine', () => {
  fc.assert(
    fc.property(vectors(3), vectors(3), (real, simulated) => {
      const [first, second] = [embeddingsOf(real), embeddingsOf(simulated)]
      const { bins, series } = portrayCosines([{ embeddings: first }, { arm: 'bare', embeddings: second }])
      const [p, q] = series.map(({ shares }) => shares.map((share) => (share + 1e-10) / (1 + bins * 1e-10)))
      for (const [index, { pairs, shares }] of series.entries()) {
        const n = index === 0 ? real.length : simulated.length
        expect(pairs).toBe((n * (n - 1)) / 2)
        expect(shares).toHaveLength(bins)
        expect(sum(shares)).toBeCloseTo(1, 12)
      }
      const cosines = real.flatMap((a, i) =>
        real
          .slice(i + 1)
          .map((b) => sum(a.map((value, k) => value * (b[k] ?? 0))) / (Math.hypot(...a) * Math.hypot(...b))),
      )
      const mean = sum(cosines) / cosines.length
      const drawn = sum(series[0]?.shares.map((share, bin) => share * ((2 * (bin + 0.5)) / bins - 1)) ?? [])
      expect(Math.abs(drawn - mean)).toBeLessThanOrEqual(1 / bins + 1e-9)
      const divergence = sum((p ?? []).map((share, bin) => share * Math.log(share / (q?.[bin] ?? 0))))
      expect(klCosine(first, second)).toBeCloseTo(Math.max(0, divergence), 8)
    }),
    { numRuns: 40 },
  )
})

describe('the shares of answers', () => {
  const questions = [
    { input: 'Rare?', choices: ['no', 'yes'] },
    { input: 'Often?', choices: ['a', 'b', 'c'] },
  ]
  const real = { answers: Int32Array.of(1, 0, 1, 2), choices: [2, 3], questions: Int32Array.of(0, 1, 1, 1) }

  test('count weights, leave out who did not answer, and begin with what was asked most', () => {
    const weighted = {
      ...real,
      answers: Int32Array.of(0, 1, 2),
      questions: Int32Array.of(1, 1, 1),
      weights: Float64Array.of(0.2, 0.3, 0.5),
    }
    const silent = { answers: new Int32Array(), choices: [2, 3], questions: new Int32Array() }
    const third = 1 / 3
    expect(
      portrayAnswers([
        { arm: 'mixture', questions, real, simulated: weighted },
        { arm: 'bare', questions, real, simulated: silent },
      ]),
    ).toEqual([
      {
        ...questions[1],
        series: [
          { weight: 3, shares: [third, third, third] },
          { arm: 'mixture', weight: 1, shares: [0.2, 0.3, 0.5] },
        ],
      },
      { ...questions[0], series: [{ weight: 1, shares: [0, 1] }] },
    ])
    expect(portrayAnswers([{ arm: 'bare', questions, real, simulated: silent }], 1)).toHaveLength(1)
    expect(portrayAnswers([])).toEqual([])
  })

  test('sum to one', () => {
    const answer = fc.record({
      answer: fc.nat(1),
      question: fc.nat(1),
      weight: fc.integer({ min: 0, max: 9 }),
    })
    fc.assert(
      fc.property(fc.array(answer, { minLength: 1 }), (list) => {
        const sample = {
          answers: Int32Array.from(list, (one) => one.answer),
          questions: Int32Array.from(list, (one) => one.question),
          weights: Float64Array.from(list, (one) => one.weight),
          choices: [2, 3],
        }
        const portrait = portrayAnswers([{ arm: 'a', questions, real: sample, simulated: sample }])
        for (const { series } of portrait) {
          expect(series).toHaveLength(2)
          for (const { shares } of series) expect(sum([...shares])).toBeCloseTo(1, 12)
        }
        expect(sum(portrait.map(({ series }) => series[0]?.weight ?? 0))).toBe(
          sum(list.map(({ weight }) => weight)),
        )
      }),
    )
  })
})

describe('the mean weights', () => {
  const slots = [{ input: 'a' }, { input: 'b' }, { input: 'a' }]

  test("are the mixture's own, averaged over the slots, and sum to one", async () => {
    const bound = bindEncoder(exampleMixture(), fakeEncoder())
    const { personas, conditions, effectivePersonas, exemplars, effectiveExemplars } = await portrayWeights(
      bound,
      slots,
    )
    const [a, b] = [await bound.personaWeights('a'), await bound.personaWeights('b')]
    const { mixture } = bound
    const expected = mixture.personas.map(({ id }, k) => ({
      id,
      weight: (2 * (a[k] as number) + (b[k] as number)) / 3,
      temperature: mixture.temperatures[k] as number,
    }))
    expect(conditions).toBe(2)
    expect(personas.map(({ id }) => id).toSorted()).toEqual(expected.map(({ id }) => id).toSorted())
    for (const { id, weight, temperature } of expected) {
      const found = personas.find((persona) => persona.id === id)
      expect(found?.weight).toBeCloseTo(weight, 12)
      expect(found?.temperature).toBe(temperature)
    }
    expect(sum(personas.map(({ weight }) => weight))).toBeCloseTo(1, 12)
    expect(personas.map(({ weight }) => weight)).toEqual(
      personas.map(({ weight }) => weight).toSorted((one, other) => other - one),
    )
    expect(sum(exemplars.map(({ weight }) => weight))).toBeLessThanOrEqual(1 + 1e-12)
    for (const { id, weight } of exemplars) {
      const j = mixture.exemplars.findIndex((exemplar) => exemplar.id === id)
      let mean = 0
      for (const { input } of slots) {
        const pi = await bound.personaWeights(input)
        for (const [k] of mixture.personas.entries()) {
          mean += ((pi[k] as number) * ((await bound.exemplarWeights(input, k))[j] as number)) / slots.length
        }
      }
      expect(weight).toBeCloseTo(mean, 12)
    }
    expect(effectivePersonas).toBeGreaterThanOrEqual(1)
    expect(effectivePersonas).toBeLessThanOrEqual(mixture.personas.length + 1e-9)
    expect(effectiveExemplars).toBeLessThanOrEqual(mixture.exemplars.length + 1e-9)
  })

  test('of a gate with even weights name as many effective personas as there are', async () => {
    const example = exampleMixture()
    const even = new Mixture({
      ...example,
      gate: {
        ...example.gate,
        wx: example.gate.wx.map(() => 0),
        personaOffsets: new Float64Array(example.personas.length),
      },
    })
    const { effectivePersonas } = await portrayWeights(bindEncoder(even, fakeEncoder()), slots)
    expect(effectivePersonas).toBeCloseTo(example.personas.length, 9)
  })
})

test.each([
  [
    ['few-shot-1', 'bare', 'mixture-2', 'mixture'],
    ['mixture', 'bare', 'few-shot-1'],
  ],
  [
    ['mixture-2', 'bare'],
    ['mixture-2', 'bare'],
  ],
  [['mine'], ['mine']],
])('of %j are drawn %j', (names, drawn) => {
  expect(portrayedArms(names)).toEqual(drawn)
})
