import { expect, test } from 'vitest'
import { createRandom } from '../random/random.ts'
import type { PopulationRecord } from '../record/population-record.ts'
import { clusterRecords } from './cluster-records.ts'
import { describeByStatistics, describeClusters } from './describe-by-statistics.ts'
import { countTerms, distinctiveTerms } from './distinctive-terms.ts'
import { toneOf } from './tone-of.ts'
import { wordsOf } from './words-of.ts'

function texts(outputs: readonly string[]): PopulationRecord[] {
  return outputs.map((output, index) => ({ id: `r${index}`, input: 'How was it?', output }))
}

function cluster(members: readonly number[], index = 0) {
  return { index, members, centre: new Float64Array(1) }
}

const brunch = [
  'Honestly a cozy place for brunch, I loved it.',
  'Honestly, the best cozy brunch of my life.',
  'We had brunch and honestly it was great and cozy.',
]
const parking = [
  'The parking was a mess and nobody helped us at all there.',
  'Terrible parking, a mess, and the staff was rude to us.',
  'No parking, what a mess, we left at once and never came back.',
]

test('length, distinctive terms, tone and the typical text, in the fixed shape', () => {
  const records = texts([...brunch, ...parking])
  expect(describeByStatistics(cluster([1, 0, 2]), records)).toEqual({
    id: 'cluster-0',
    text:
      'Writes short texts of about 9 words. Often says: brunch, cozy, honestly, it. Tone: positive. ' +
      'Typical: "Honestly, the best cozy brunch of my life."',
    provenance: { kind: 'statistics', cluster: 0, size: 3, recordIds: ['r1', 'r0', 'r2'] },
  })
  const [, other] = describeClusters([cluster([0, 1, 2]), cluster([3, 4, 5], 1)], records)
  expect(other?.text).toMatch(/^Writes short texts of about 12 words\. Often says: mess, parking, /)
  expect(other?.text).toMatch(/Tone: negative\. Typical: "The parking was a mess/)
})

test('the private mode shows neither the typical text nor terms that fewer than three share', () => {
  const { text } = describeByStatistics(cluster([0, 1, 2]), texts([...brunch, ...parking]), { private: true })
  expect(text).toBe(
    'Writes short texts of about 9 words. Often says: brunch, cozy, honestly. Tone: positive.',
  )
})

test('a typical text is one line without double quotes, cut between words at 160 characters', () => {
  const long = `He said "no"\n${'word '.repeat(60)}`
  const typical = /Typical: "(.*)"$/.exec(describeByStatistics(cluster([0]), texts([long])).text)?.[1] ?? ''
  expect(typical).toMatch(/^He said 'no' word word/)
  expect(typical.length).toBeLessThanOrEqual(160)
  expect(typical).toMatch(/word$/)
  const unbroken = /Typical: "(.*)"$/.exec(
    describeByStatistics(cluster([0]), texts([`a${'😀'.repeat(100)}`])).text,
  )?.[1]
  expect(unbroken).toBe(`a${'😀'.repeat(79)}`)
})

test.each([
  [5, 'very short'],
  [6, 'short'],
  [15, 'short'],
  [16, 'medium'],
  [35, 'medium'],
  [36, 'long'],
])('%i words are %s', (count, word) => {
  const { text } = describeByStatistics(
    cluster([0]),
    texts([Array.from({ length: count }, () => 'so').join(' ')]),
  )
  expect(text).toMatch(new RegExp(`^Writes ${word} texts of about ${count} words\\.`))
})

test('closed answers: the dominating answers, and the typical record with its question', () => {
  const answers = [
    'Never',
    'Never',
    'Never',
    'Never',
    'Never',
    'Never',
    'Once, at most',
    'Once, at most',
    'Always',
    'Often',
  ]
  const records = answers.map((output, index) => ({
    id: `${index}`,
    input: 'How often do you fly?',
    output,
    choices: ['Never', 'Once, at most', 'Often', 'Always'],
  }))
  const members = [...records.keys()]
  expect(describeByStatistics(cluster(members), records).text).toBe(
    'Writes very short texts of about 1 words. Often says: never; once, at most. Tone: neutral. ' +
      'Typical: "How often do you fly? → Never"',
  )
  const wordy = records.map((record) => ({ ...record, input: `${'Tell me, '.repeat(40)}how often?` }))
  expect(describeByStatistics(cluster(members), wordy).text).toMatch(/^.{1,260}Tell me, → Never"$/)
})

test('closed answers: what sets a cluster apart, not what everybody says', () => {
  const records = Array.from({ length: 60 }, (_, index) => {
    const rude = index % 3 === 0
    const input = index < 30 ? 'Is it rude?' : 'Do you fly?'
    const output = index < 30 ? (rude ? 'Very rude' : 'Not at all') : 'No'
    return { id: `${index}`, input, output, choices: ['Very rude', 'Not at all', 'No', 'Yes'] }
  })
  const members = [...records.keys()].filter((index) => index % 3 === 0).toReversed()
  expect(describeByStatistics(cluster(members), records).text).toBe(
    'Writes very short texts of about 2 words. Often says: very rude. Tone: neutral. Typical: "Is it rude? → Very rude"',
  )
})

test('log-odds with the prior, against the formula worked by hand', () => {
  const inside = new Map([
    ['a', 30],
    ['b', 10],
    ['c', 60],
  ])
  const all = new Map([
    ['a', 40],
    ['b', 40],
    ['c', 120],
  ])
  // a: y = 30 of 100 inside, 10 of 100 outside; α = 500 · 40/200 = 100. b mirrors it; c is even.
  const z = (Math.log(130 / 470) - Math.log(110 / 490)) / Math.sqrt(1 / 130 + 1 / 110)
  expect(distinctiveTerms(inside, all, 1)).toEqual([{ term: 'a', score: expect.closeTo(z, 12) }])
  expect(distinctiveTerms(inside, all, 31)).toEqual([])
})

test('each text counts a word once', () => {
  expect(countTerms([['so', 'so', 'good'], ['so']])).toEqual(
    new Map([
      ['so', 2],
      ['good', 1],
    ]),
  )
})

test('words are letters, marks, digits and inner apostrophes of any script', () => {
  expect(wordsOf("Don’t – the dogs' café №2, Straße, да, हिन्दी!")).toEqual([
    "don't",
    'the',
    'dogs',
    'café',
    '2',
    'straße',
    'да',
    'हिन्दी',
  ])
})

test.each([
  [['good food', 'great', 'it was bad'], 'positive'],
  [['not good', "wasn't very nice", 'so so'], 'negative'],
  [['good', 'bad'], 'mixed'],
  [['the train leaves at nine', 'it rains'], 'neutral'],
  [[], 'neutral'],
] as const)('the tone of %j is %s', (said, tone) => {
  expect(toneOf(said.map(wordsOf))).toBe(tone)
})

test('clusters of records: largest first, members from the centre outwards', () => {
  const records = texts(['a', 'b', 'c', 'd', 'e'])
  const embeddings = [
    [0, 1],
    [1, 0],
    [0.9, 0.1],
    [0.1, 1],
    [0.95, 0.05],
  ].map((row) => Float32Array.from(row))
  const clusters = clusterRecords(records, embeddings, 2, createRandom(1))
  expect(clusters.map(({ index, members }) => [index, members.length])).toEqual([
    [0, 3],
    [1, 2],
  ])
  expect(clusters[0]?.members[0]).toBe(4)
  expect(clusterRecords(records, embeddings, 9, createRandom(1))).toHaveLength(5)
  expect(() => clusterRecords(records, embeddings.slice(1), 2, createRandom(1))).toThrow(/embeddings/)
})
