import { expect, it } from 'vitest'
import { redact } from './redact.ts'

it('leaves no secret, however often and however spelled', () => {
  expect(redact('a/b and a%2Fb and a/b', ['a/b'])).toBe('[key] and [key] and [key]')
})

it('leaves other texts as they are', () => {
  expect(redact('text', [])).toBe('text')
  expect(redact('text', [''])).toBe('text')
})
