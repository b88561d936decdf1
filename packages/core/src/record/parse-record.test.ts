import { expect, test } from 'vitest'
import { RecordError } from '../errors/record-error.ts'
import { MopError } from '../errors/mop-error.ts'
import { parseRecord } from './parse-record.ts'

function refusal(value: unknown): RecordError {
  try {
    parseRecord(value, { source: 'people.jsonl', line: 3 })
  } catch (error) {
    if (error instanceof RecordError) return error
    throw error
  }
  throw new Error('the record was accepted')
}

test('a full record comes back as it was, and unknown fields are left out', () => {
  const record = {
    id: '1',
    input: 'Tea\u0301 or coffee?',
    output: 'tea',
    choices: ['tea', 'coffee'],
    attributes: { age: 31, region: 'north', member: true },
    respondent: 'r1',
    weight: 0.5,
  }
  expect(parseRecord({ ...record, note: 'x' })).toEqual(record)
  expect(parseRecord({ id: '1', input: '', output: 'y' })).toEqual({ id: '1', input: '', output: 'y' })
})

test.each([
  [
    { id: 7, input: 'x', output: 'y' },
    'id',
    /line 3, field "id": must be text; found the number 7\. Write it as text: "7"/,
  ],
  [{ id: '1', output: 'y' }, 'input', /is missing\. Add "input", or map it/],
  [{ id: '1', input: 'x', output: ' \n' }, 'output', /must not be empty/],
  [
    { id: '1', input: 'x', output: 'tee', choices: ['tea'] },
    'output',
    /not one of the choices; found the text "tee"/,
  ],
  [{ id: '1', input: 'x', output: 'a', choices: ['a', 'a'] }, 'choices', /same choice twice/],
  [{ id: '1', input: 'x', output: 'a', choices: [] }, 'choices', /at least one/],
  [{ id: '1', input: 'x', output: 'a', choices: ['a', 2] }, 'choices.1', /found the number 2/],
  [{ id: '1', input: 'x', output: 'a', attributes: { age: null } }, 'attributes.age', /found null/],
  [{ id: '1', input: 'x', output: 'a', attributes: ['age'] }, 'attributes', /must be an object/],
  [{ id: '1', input: 'x', output: 'a', weight: -1 }, 'weight', /0 or more/],
  [{ id: '1', input: 'x', output: 'a', weight: Number.NaN }, 'weight', /number/],
  [{ id: '1', input: 'x', output: '\ud83d' }, 'output', /surrogate/],
  [null, undefined, /must be an object with id, input and output; found null/],
  [[], 'id', /is missing/],
])('%j is refused by place and field', (value, field, message) => {
  const error = refusal(value)
  expect(error.field).toBe(field)
  expect(error.message).toMatch(message)
  expect(error.message).toMatch(/^people\.jsonl, line 3/)
  expect(error.code).toBe('record-invalid')
  expect(error.place).toEqual({ source: 'people.jsonl', line: 3 })
  expect(MopError.isInstance(error)).toBe(true)
})

test('an attribute named __proto__ is refused and pollutes nothing', () => {
  const value = JSON.parse(
    '{"id":"1","input":"x","output":"y","attributes":{"__proto__":{"polluted":true}}}',
  ) as unknown
  expect(refusal(value).field).toBe('attributes')
  expect(Reflect.get({}, 'polluted')).toBeUndefined()
})
