import { exampleMixture } from '@mop/core/testing'
import { expect, test } from 'vitest'
import { SplitLeakError } from '../errors/split-leak-error.ts'
import { honestSplit } from './honest-split.ts'

const { exemplars, personas } = exampleMixture({ exemplars: 2 })
const mixture = {
  exemplars: exemplars.map((exemplar) => ({ ...exemplar, respondent: `of ${exemplar.id}` })),
  personas: personas.map((persona) => ({
    ...persona,
    provenance: { kind: 'statistics' as const, recordIds: [`described by ${persona.id}`] },
  })),
}
const clean = { id: 'x', input: 'What?', output: 'Nothing like it.', respondent: 'me' }

test.each([
  [{ id: 'exemplar-1' }, 'exemplars', 'id', 'exemplar-1'],
  [{ respondent: 'of exemplar-2' }, 'exemplars', 'respondent', 'exemplar-2'],
  [{ output: ` ${exemplars[0]?.output.toUpperCase()} ` }, 'exemplars', 'text', 'exemplar-1'],
  [{ id: 'described by persona-2' }, 'personas', 'id', 'persona-2'],
  [{ id: 'trained' }, 'training', 'id', 'trained'],
  [{ output: 'I was  there' }, 'training', 'text', 'trained'],
])('a record with %j was seen', (change, among, same, as) => {
  const leaking = { ...clean, ...change }
  const training = [{ id: 'trained', input: 'What?', output: 'I was there' }]
  let error: unknown
  try {
    honestSplit([clean, leaking], { mixture, training })
  } catch (caught) {
    error = caught
  }
  expect(SplitLeakError.isInstance(error) && error.leaks).toEqual([{ record: leaking.id, among, same, as }])
  expect(honestSplit([clean, leaking], { mixture, training, dropSeen: true })).toEqual({
    records: [clean],
    dropped: 1,
  })
})

test('a closed answer that others gave too is no copy; an honest split passes', () => {
  const closed = { ...clean, output: exemplars[0]?.output ?? '', choices: [exemplars[0]?.output ?? '', 'No'] }
  expect(honestSplit([clean, closed], { mixture })).toEqual({ records: [clean, closed], dropped: 0 })
})
