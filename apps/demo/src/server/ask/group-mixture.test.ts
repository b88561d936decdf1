import { exampleMixture } from '@mop/core/testing'
import { expect, it } from 'vitest'
import { groupMixture } from './group-mixture.ts'

const x = Float32Array.from({ length: 32 }, (_, index) => Math.sin(index + 1) / 4)

it.each([{ age: 'young' }, { age: 'old' }])('has the weights that core gives the group %j', (given) => {
  const mixture = exampleMixture()
  const group = groupMixture(mixture, given)
  const expected = mixture.personaWeights(x, { given })
  for (const [index, weight] of group.personaWeights(x).entries()) {
    expect(weight).toBeCloseTo(expected[index] ?? NaN, 12)
  }
  expect(Array.from(group.exemplarWeights(x, 0))).toEqual(Array.from(mixture.exemplarWeights(x, 0)))
})

it('is the mixture itself for everybody', () => {
  const mixture = exampleMixture()
  expect(groupMixture(mixture, undefined)).toBe(mixture)
  expect(groupMixture(mixture, {})).toBe(mixture)
})
