import { expect, test } from 'vitest'
import { InvalidArgumentError } from '../errors/invalid-argument-error.ts'
import { createRandom } from '../random/random.ts'
import type { PopulationRecord } from '../record/population-record.ts'
import { selectExemplars, type SelectExemplarsOptions } from './select-exemplars.ts'

function people(counts: Record<string, number>): PopulationRecord[] {
  return Object.entries(counts).flatMap(([group, count]) =>
    Array.from({ length: count }, (_, index) => ({
      id: `${group}${index}`,
      input: 'What do you like?',
      output: `${group} likes thing ${index}`,
      attributes: { group },
    })),
  )
}

function select(records: readonly PopulationRecord[], options: Omit<SelectExemplarsOptions, 'random'>) {
  return selectExemplars(records, { ...options, random: createRandom(1) })
}

function selectedBy(pool: ReturnType<typeof select>): Record<string, number> {
  return Object.fromEntries(pool.report.strata.map(({ name, selected }) => [name, selected]))
}

const byGroup = { attributes: ['group'] }

test('proportional by largest remainder, with the smallest group present', () => {
  const pool = select(people({ a: 75, b: 22, c: 3 }), { size: 10, strata: byGroup })
  expect(selectedBy(pool)).toEqual({ 'group=a': 7, 'group=b': 2, 'group=c': 1 })
  expect(pool.exemplars).toHaveLength(10)
  expect(pool.report.strata[0]).toEqual({
    name: 'group=a',
    records: 75,
    share: 0.75,
    allocated: 7,
    selected: 7,
  })
})

test('equal and given allocations; what a stratum lacks goes to the others', () => {
  const records = people({ a: 70, b: 27, c: 3 })
  expect(selectedBy(select(records, { size: 9, strata: byGroup, allocation: 'equal' }))).toEqual({
    'group=a': 3,
    'group=b': 3,
    'group=c': 3,
  })
  expect(selectedBy(select(records, { size: 20, strata: byGroup, allocation: 'equal' }))).toEqual({
    'group=a': 9,
    'group=b': 8,
    'group=c': 3,
  })
  const allocation = { 'group=a': 0, 'group=b': 3, 'group=c': 1 }
  expect(selectedBy(select(records, { size: 4, strata: byGroup, allocation }))).toEqual(allocation)
})

test('record weights decide the shares and who is drawn', () => {
  const records = people({ a: 50, b: 50 }).map((record, index) => ({
    ...record,
    weight: index < 50 ? 3 : index === 99 ? 0 : 50 / 49,
  }))
  const pool = select(records, { size: 40, strata: byGroup })
  expect(selectedBy(pool)).toEqual({ 'group=a': 30, 'group=b': 10 })
  expect(pool.exemplars.map(({ id }) => id)).not.toContain('b49')

  // One draw from two records of weights 4 and 1, over many seeds: the first in four of five.
  const two = [
    { id: 'heavy', input: 'x', output: 'y', weight: 4 },
    { id: 'light', input: 'x', output: 'z', weight: 1 },
  ]
  let heavy = 0
  for (let seed = 0; seed < 2000; seed++) {
    const [first] = selectExemplars(two, { size: 1, random: createRandom(seed) }).exemplars
    if (first?.id === 'heavy') heavy++
  }
  // Five standard errors of a proportion of 0.8 in 2,000 draws.
  expect(Math.abs(heavy / 2000 - 0.8)).toBeLessThan(5 * Math.sqrt((0.8 * 0.2) / 2000))
})

test('the same free text is taken once, the same embedding too, and both are counted', () => {
  const records: PopulationRecord[] = [
    { id: '1', input: 'x', output: 'Good  food' },
    { id: '2', input: 'x', output: 'good food' },
    { id: '3', input: 'x', output: 'really good food' },
    { id: '4', input: 'x', output: 'slow' },
  ]
  const plain = select(records, { size: 4 })
  expect(plain.report).toMatchObject({ requested: 4, selected: 3, exactDuplicates: 1, nearDuplicates: 0 })
  const near = Math.cos(0.1)
  const embeddings = [
    [1, 0],
    [1, 0],
    [near, Math.sin(0.1)],
    [0, 1],
  ].map((row) => Float32Array.from(row))
  const { selected, exactDuplicates, nearDuplicates } = select(records, { size: 4, embeddings }).report
  // Which of the first three is taken decides how the other two are refused.
  expect({ selected, refused: exactDuplicates + nearDuplicates }).toEqual({ selected: 2, refused: 2 })
  expect(nearDuplicates).toBeGreaterThan(0)
  expect(select(records, { size: 4, embeddings, nearDuplicateThreshold: 0.999 }).report).toMatchObject({
    selected: 3,
  })
})

test('equal closed answers of different people stand side by side, in their proportion', () => {
  const choices = ['yes', 'no', 'maybe']
  const records = Array.from({ length: 100 }, (_, index) => ({
    id: `${index}`,
    input: 'Tea?',
    output: index < 60 ? 'yes' : index < 90 ? 'no' : 'maybe',
    choices,
    respondent: `r${index}`,
  }))
  const embeddings = records.map(({ output }) =>
    Float32Array.from(choices.map((choice) => (choice === output ? 1 : 0))),
  )
  const { exemplars } = select(records, { size: 10, embeddings })
  expect(choices.map((choice) => exemplars.filter(({ output }) => output === choice).length)).toEqual([
    6, 3, 1,
  ])
  const samePerson = records.map((record) => ({ ...record, respondent: 'r' }))
  expect(select(samePerson, { size: 10 }).report).toMatchObject({ selected: 3, exactDuplicates: 97 })
})

test('a stratum whose texts all stand elsewhere is still present', () => {
  const records = [
    ...people({ a: 9 }),
    { id: 'b0', input: 'What do you like?', output: 'a likes thing 0', attributes: { group: 'b' } },
  ]
  expect(selectedBy(select(records, { size: 10, strata: byGroup }))['group=b']).toBe(1)
})

test('attributes cross with labels, a missing attribute is a stratum of its own', () => {
  const [first, second, third] = people({ a: 2, b: 1 })
  if (first === undefined || second === undefined || third === undefined) throw new Error('three people')
  const pool = select([first, { ...second, attributes: undefined }, third], {
    size: 3,
    strata: { attributes: ['group'], labels: [0, 0, 1] },
  })
  expect(pool.report.strata.map(({ name }) => name)).toEqual([
    'group=a, label=0',
    'group=(none), label=0',
    'group=b, label=1',
  ])
})

test('deterministic under a seed, and another seed gives another pool', () => {
  const records = people({ a: 70, b: 30 })
  const ids = (seed: number): string[] =>
    selectExemplars(records, { size: 10, strata: byGroup, random: createRandom(seed) }).exemplars.map(
      ({ id }) => id,
    )
  expect(ids(3)).toEqual(ids(3))
  expect(ids(3)).not.toEqual(ids(4))
})

test('options that do not fit are refused by name', () => {
  const records = people({ a: 3, b: 3 })
  const refused = (options: Omit<SelectExemplarsOptions, 'random'>, message: RegExp): void => {
    expect(() => select(records, options)).toThrow(InvalidArgumentError)
    expect(() => select(records, options)).toThrow(message)
  }
  refused({ size: 1, strata: byGroup }, /`size` must be at least 2.*fewer attributes/)
  refused({ size: 0 }, /`size`/)
  refused({ size: 2, strata: { attributes: ['age'] } }, /"age", which none has.*group/)
  refused({ size: 2, strata: { labels: [1] } }, /labels/)
  refused({ size: 2, strata: byGroup, allocation: { 'group=a': 1 } }, /none for group=b/)
  refused(
    { size: 2, strata: byGroup, allocation: { 'group=a': 1, 'group=b': 1, 'group=c': 1 } },
    /one for group=c/,
  )
  refused({ size: 2, embeddings: [] }, /embeddings/)
  refused({ size: 2, nearDuplicateThreshold: 0 }, /cosine/)
})
