import { digestSeen } from '@mop/core'
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
])('a record with %j was seen', async (change, among, same, as) => {
  const leaking = { ...clean, ...change }
  const training = [{ id: 'trained', input: 'What?', output: 'I was there' }]
  const error: unknown = await honestSplit([clean, leaking], { mixture, training }).catch(
    (caught: unknown) => caught,
  )
  expect(SplitLeakError.isInstance(error) && error.leaks).toEqual([{ record: leaking.id, among, same, as }])
  expect(await honestSplit([clean, leaking], { mixture, training, dropSeen: true })).toEqual({
    records: [clean],
    dropped: 1,
  })
})

test('a closed answer that others gave too is no copy; an honest split passes', async () => {
  const closed = { ...clean, output: exemplars[0]?.output ?? '', choices: [exemplars[0]?.output ?? '', 'No'] }
  expect(await honestSplit([clean, closed], { mixture })).toEqual({ records: [clean, closed], dropped: 0 })
})

test.each([
  [{ id: 'fitted' }, 'id'],
  [{ respondent: 'fitted' }, 'respondent'],
  [{ output: 'FITTED on  this' }, 'text'],
])('a record with %j is known by the digests in the mixture', async (change, same) => {
  const seen = await digestSeen([
    { id: 'fitted', respondent: 'fitted', input: 'What?', output: 'Fitted on this' },
  ])
  const leaking = { ...clean, ...change }
  const options = { mixture: { ...mixture, provenance: { seen } } }
  const error: unknown = await honestSplit([clean, leaking], options).catch((caught: unknown) => caught)
  expect(SplitLeakError.isInstance(error) && error.leaks).toEqual([
    { record: leaking.id, among: 'fitted', same },
  ])
  expect(String(error)).toContain(`${leaking.id} (its ${same} among the records it was fitted on)`)
  expect(await honestSplit([clean, leaking], { ...options, dropSeen: true })).toEqual({
    records: [clean],
    dropped: 1,
  })
})
