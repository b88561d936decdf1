import { expect, test } from 'vitest'
import { textFeatures } from './text-features.ts'

const weightsOf = (text: string): Map<number, number> => {
  const { hashes, weights } = textFeatures(text)
  return new Map(Array.from(hashes, (hash, index) => [hash, weights[index] ?? NaN]))
}

test('a word gives itself, and the runs of 3 to 5 characters inside its borders', () => {
  // ' cat ': the word; ' ca', 'cat', 'at '; ' cat', 'cat '; ' cat '.
  expect([...weightsOf('cat').values()].sort()).toEqual([1, 1, 1, 1, 1, 1, 2])
})

test('neighbouring words give a pair, in their order', () => {
  const pair = (text: string): number[] => {
    const alone = new Map([...weightsOf('red'), ...weightsOf('cat')])
    return [...weightsOf(text).keys()].filter((hash) => !alone.has(hash))
  }
  expect(pair('red cat')).toHaveLength(1)
  expect(pair('cat red')).toHaveLength(1)
  expect(pair('cat red')).not.toEqual(pair('red cat'))
})

test('what recurs weighs 1 + ln(n)', () => {
  const once = weightsOf('cat')
  for (const [hash, weight] of weightsOf('cat Cat CAT')) {
    const known = once.get(hash)
    expect(weight).toBeCloseTo((known ?? 1) * (1 + Math.log(known === undefined ? 2 : 3)), 12)
  }
})
