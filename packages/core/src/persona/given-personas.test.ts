import { expect, test } from 'vitest'
import { PersonaError } from '../errors/persona-error.ts'
import { givenPersonas } from './given-personas.ts'

test('texts, objects and JSON give the same personas', () => {
  const expected = [
    { id: 'persona-1', text: 'Writes briefly.', provenance: { kind: 'given' } },
    { id: 'wordy', text: 'Writes at length.', provenance: { kind: 'given' } },
  ]
  const source = [' Writes briefly.\n', { id: 'wordy', text: 'Writes at length.' }]
  expect(givenPersonas(source)).toEqual(expected)
  expect(givenPersonas(JSON.stringify(source))).toEqual(expected)
})

test.each([
  ['["a", ""]', /Persona 2 .*an empty text/],
  ['["a", 5]', /Persona 2 .*found 5/],
  ['[{"id": "x"}]', /Persona 1 .*\{"id":"x"\}/],
  ['[{"id": "x", "text": "a"}, {"id": "x", "text": "b"}]', /Personas 1 and 2 have the same id "x"/],
  ['[]', /at least one; found an empty list/],
  ['{"text": "a"}', /must be a list/],
  ['Writes briefly.', /not valid JSON.*pass the texts themselves/],
])('%s is refused', (source, message) => {
  expect(() => givenPersonas(source)).toThrow(PersonaError)
  expect(() => givenPersonas(source)).toThrow(message)
})
