import { describe, expect, it } from 'vitest'
import { totalVariation, trueShares } from './group-shares.ts'
import { varietyOf } from './variety.ts'

describe('group shares', () => {
  it('are counted in the order of the groups', () => {
    const records = ['a', 'b', 'c', 'd'].map((id) => ({ id }))
    const groupOf = { a: 'x', b: 'y', c: 'x', d: 'x' }
    expect(trueShares(records, groupOf, ['y', 'x', 'z'])).toEqual([0.25, 0.75, 0])
  })

  it('are as far apart as their total variation', () => {
    expect(totalVariation([0.5, 0.5], [0.5, 0.5])).toBe(0)
    expect(totalVariation([1, 0], [0, 1])).toBe(1)
    expect(totalVariation([0.5, 0.5, 0], [0.25, 0.25, 0.5])).toBe(0.5)
  })
})

it('variety counts words, spread, repeats and vocabulary', () => {
  const variety = varietyOf(['The soup was good.', 'The soup was good.', 'Bad'])
  expect(variety).toEqual({ distinct: 2 / 3, words: 3, wordsSpread: Math.sqrt(2), vocabulary: 5 })
})
