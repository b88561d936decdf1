import { exampleMixture } from '@mop/core/testing'
import { expect, test } from 'vitest'
import type { EvaluateArmsOptions } from './evaluate-arms.ts'
import { evaluationNotes } from './evaluation-notes.ts'

const records = ['How was it?', 'And you?', 'How was it?'].map((input, index) => ({
  id: `r${index}`,
  input,
  output: `Fine, ${index}.`,
}))

function notesOf(of: typeof records, inputsAsked: number): string {
  const options = {
    mixture: exampleMixture(),
    arms: [],
    n: 4,
    groups: 'age',
  } as unknown as EvaluateArmsOptions
  return evaluationNotes(options, { records: of, inputsAsked, unknown: [], weighed: false }).join('\n')
}

test('says how many inputs nobody was asked, and that the real answers to them count', () => {
  expect(notesOf(records, 1)).toContain('1 of 2 inputs were never asked, for an arm gives 4 answers')
  expect(notesOf(records, 2)).not.toContain('never asked')
})

test('says what weights do, where records have different ones', () => {
  const weighted = records.map((record, index) => ({ ...record, weight: index }))
  expect(notesOf(weighted, 2)).toContain('other figures of free answers count every real answer once')
  expect(notesOf(records, 2)).not.toContain('weights')
})

test('says how many records have no group', () => {
  const some = records.map((record, index) => ({
    ...record,
    ...(index === 0 && { attributes: { age: 'old' } }),
  }))
  expect(notesOf(some, 2)).toContain('2 of 3 records have no age: they count in no group of it.')
  const all = records.map((record) => ({ ...record, attributes: { age: 'old' } }))
  expect(notesOf(all, 2)).not.toContain('have no age')
})
