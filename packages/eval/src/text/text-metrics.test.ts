import { createRandom } from '@mop/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { unitWeights } from '../result/resample-weights.ts'
import { distinctN } from './distinct-n.ts'
import { lengthShift, meanShift, valenceShift } from './mean-shift.ts'
import { nearCopies } from './near-copies.ts'
import { selfBleu, selfBleuOfEach } from './self-bleu.ts'
// Its `provenance` says which libraries made the values, and how each is defined.
import reference from './text-metrics.reference.json' with { type: 'json' }
import {
  distinctMetric,
  lengthShiftMetric,
  nearCopyMetric,
  selfBleuMetric,
  valenceShiftMetric,
} from './text-metrics.ts'

const word = fc.constantFrom('the', 'soup', 'was', 'cold', 'and', 'good', 'we', 'left')
const text = fc.array(word, { maxLength: 9 }).map((words) => words.join(' '))
const texts = fc.array(text, { minLength: 2, maxLength: 12 })

describe('self-BLEU-4', () => {
  test('reference', () => {
    expect(selfBleu(reference.sentences)).toBeCloseTo(reference.self_bleu4_method1, 12)
    expect(selfBleu(reference.sentences, { epsilon: 0 })).toBeCloseTo(reference.self_bleu4_nosmooth, 12)
    selfBleuOfEach(reference.sentences).forEach((score, index) => {
      expect(score).toBeCloseTo(reference.perSentence[index] ?? Number.NaN, 12)
    })
  })

  test('lies in [0, 1], does not change with the order, and is 1 for copies of a text of four words', () => {
    fc.assert(
      fc.property(texts, (sample) => {
        const score = selfBleu(sample)
        expect(score).toBeGreaterThanOrEqual(0)
        expect(score).toBeLessThanOrEqual(1 + 1e-12)
        expect(selfBleu(sample.toReversed())).toBeCloseTo(score, 12)
        const doubled = selfBleuOfEach([...sample, ...sample])
        sample.forEach((one, index) => {
          if (one.split(' ').length >= 4) expect(doubled[index]).toBeCloseTo(1, 12)
        })
      }),
    )
    expect(() => selfBleu(['alone'])).toThrow(/at least 2/)
    expect(() => selfBleu(['a', 'b'], { epsilon: -1 })).toThrow(/epsilon/)
  })

  test('compares with all other texts, as one comparison after another would', () => {
    // Two texts alone: the reference of each is the other.
    const [first, second] = selfBleuOfEach(['the cat sat on the mat', 'the cat sat there'], { epsilon: 0.1 })
    // 6 tokens against 4: 3/6, 2/5, 1/4, 0.1/3 and no penalty. 4 against 6: 3/4, 2/3, 1/2, 0.1 and exp(1 − 6/4).
    expect(first).toBeCloseTo((0.5 * 0.4 * 0.25 * (0.1 / 3)) ** 0.25, 12)
    expect(second).toBeCloseTo(Math.exp(-0.5) * (0.75 * (2 / 3) * 0.5 * 0.1) ** 0.25, 12)
  })
})

describe('distinct-n', () => {
  test.each(Object.entries(reference.distinct))('reference for n = %s', (order, expected) => {
    expect(distinctN(reference.sentences, Number(order))).toBeCloseTo(expected, 14)
  })

  test('lies in (0, 1], halves when everything is said twice, and is NaN of nothing', () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 1, max: 4 }), (sample, order) => {
        const value = distinctN(sample, order)
        if (Number.isNaN(value)) return
        expect(value).toBeGreaterThan(0)
        expect(value).toBeLessThanOrEqual(1)
        expect(distinctN([...sample, ...sample], order)).toBeCloseTo(value / 2, 12)
      }),
    )
    expect(distinctN(['one two'], 3)).toBeNaN()
    expect(() => distinctN(['a'], 0)).toThrow(/order/)
  })
})

describe('shifts', () => {
  test('are the difference of means, in the real standard deviations', () => {
    expect(lengthShift(['a b', 'a b c d'], ['a b c d e', 'a'])).toEqual({
      realMean: 3,
      simulatedMean: 3,
      difference: 0,
      standardised: 0,
    })
    const { difference, standardised } = valenceShift(['bad', 'good'], ['good'], (one) =>
      one === 'good' ? 1 : -1,
    )
    expect(difference).toBe(1)
    expect(standardised).toBeCloseTo(1 / Math.SQRT2, 12)
  })

  test('change sign with the direction, not with a unit, and count weights as copies', () => {
    const numbers = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 3, maxLength: 12 })
    fc.assert(
      fc.property(numbers, numbers, (real, simulated) => {
        fc.pre(new Set(real).size > 1)
        const { standardised } = meanShift(real, simulated)
        const mirrored = meanShift(
          real.map((value) => -3 * value),
          simulated.map((value) => -3 * value),
        )
        expect(mirrored.standardised).toBeCloseTo(-standardised, 9)
        const twice = { real: real.map(() => 2), simulated: simulated.map(() => 2) }
        expect(meanShift(real, simulated, twice).standardised).toBeCloseTo(
          meanShift([...real, ...real], [...simulated, ...simulated]).standardised,
          9,
        )
      }),
    )
    expect(meanShift([1, 1], [2]).standardised).toBe(Infinity)
    expect(() => meanShift([1], [2])).toThrow(/at least 2/)
    expect(() => meanShift([1, 2], [Number.NaN])).toThrow(/finite/)
  })
})

describe('near copies', () => {
  const known = ['The soup was cold and we left early.', 'Great.', 'the  SOUP was cold and we left early.']

  test('are exact after normalisation, or share most of their n-grams with one known text', () => {
    const { rate, exactRate, isCopy, source, overlap } = nearCopies(
      [
        'the soup was cold and we left EARLY.',
        'Yes: the soup was cold and we left early!',
        'The soup was cold, the bread was fine and nobody left early.',
        'great.',
        'Fine.',
      ],
      known,
    )
    expect([...isCopy]).toEqual([1, 1, 0, 1, 0])
    expect([...source]).toEqual([0, 0, 0, 1, -1])
    expect(rate).toBeCloseTo(3 / 5, 12)
    expect(exactRate).toBeCloseTo(2 / 5, 12)
    // 5 of the 6 different 4-grams of the second.
    expect(overlap[1]).toBeCloseTo(5 / 6, 12)
  })

  test('a text repeats itself, nothing repeats nothing, and more known texts never mean fewer copies', () => {
    fc.assert(
      fc.property(texts, texts, texts, (simulated, some, more) => {
        expect(nearCopies(simulated, simulated).rate).toBe(1)
        expect(nearCopies(simulated, []).rate).toBe(0)
        const few = nearCopies(simulated, some)
        const many = nearCopies(simulated, [...some, ...more])
        expect(many.rate).toBeGreaterThanOrEqual(few.rate)
        expect(few.rate).toBeGreaterThanOrEqual(few.exactRate)
        // A stricter threshold finds no more.
        expect(nearCopies(simulated, some, { overlap: 1 }).rate).toBeLessThanOrEqual(few.rate)
      }),
    )
    expect(() => nearCopies([], ['a'])).toThrow(/simulated/)
    expect(() => nearCopies(['a'], ['a'], { overlap: 0 })).toThrow(/overlap/)
    expect(() => nearCopies(['a'], ['a'], { order: 0.5 })).toThrow(/order/)
  })
})

test('every metric of texts that reweighs gives its own value for equal weights', () => {
  const real = reference.sentences
  const simulated = [...reference.sentences.slice(3, 12), 'we walked home in the rain']
  const metrics = [
    selfBleuMetric(),
    lengthShiftMetric(),
    valenceShiftMetric((one) => one.length % 3),
    nearCopyMetric({ shown: ['we walked home in the rain'] }),
  ]
  for (const metric of metrics) {
    const { value, reweigh } = metric.compare(real, simulated, createRandom(1))
    const [again] = Array.from(reweigh?.([unitWeights(real.length, simulated.length)]) ?? [])
    expect(again).toBeCloseTo(value, 12)
  }
  expect(metrics.at(-1)?.compare(real, simulated, createRandom(1)).value).toBe(1)
  expect(distinctMetric(2).compare(real, simulated, createRandom(1)).reweigh).toBeUndefined()
})
