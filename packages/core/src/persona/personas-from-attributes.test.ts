import { expect, test } from 'vitest'
import { personasFromAttributes } from './personas-from-attributes.ts'

const records = [
  { id: '1', input: 'x', output: 'a', attributes: { age: '18-29', gender: 'F', city: 'Rome' } },
  { id: '2', input: 'x', output: 'b', attributes: { age: '30-44', gender: 'F' }, weight: 5 },
  { id: '3', input: 'x', output: 'c', attributes: { age: '18-29', gender: 'F' } },
  { id: '4', input: 'x', output: 'd' },
]

test('one persona per combination that exists, the heaviest first, with its provenance', () => {
  const personas = personasFromAttributes(records, ['age', 'gender'])
  expect(personas.map(({ text }) => text)).toEqual([
    'A person with age 30-44, gender F.',
    'A person with age 18-29, gender F.',
    'A person of whom nothing is known.',
  ])
  expect(personas[1]).toMatchObject({
    id: 'attributes-2',
    provenance: {
      kind: 'attributes',
      attributes: { age: '18-29', gender: 'F' },
      size: 2,
      recordIds: ['1', '3'],
    },
  })
})

test('a template is filled in, or a function called', () => {
  const [first, , last] = personasFromAttributes(records, ['age'], 'Aged {age}.')
  expect([first?.text, last?.text]).toEqual(['Aged 30-44.', 'Aged unknown.'])
  expect(personasFromAttributes(records, ['age'], ({ age }) => `!${age}`)[0]?.text).toBe('!30-44')
})

test('unknown names are refused', () => {
  expect(() => personasFromAttributes(records, ['income'])).toThrow(/"income", which none has/)
  expect(() => personasFromAttributes(records, ['age'], 'Lives in {city}.')).toThrow(/\{city\}/)
  expect(() => personasFromAttributes(records, [])).toThrow(/attributeNames/)
})
