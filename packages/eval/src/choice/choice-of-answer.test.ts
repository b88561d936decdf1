import { expect, test } from 'vitest'
import { choiceOfAnswer } from './choice-of-answer.ts'

const choices = ['No', 'No opinion', 'Not at all', 'Yes']

test.each([
  ['yes.', 3],
  ['  NO  opinion!', 1],
  ['No, never.', 0],
  ['No opinion, really', 1],
  ['Not at all; why?', 2],
  ['Nothing', -1],
  ['I would say yes', -1],
  ['', -1],
])('%j is choice %i', (answer, choice) => {
  expect(choiceOfAnswer(answer, choices)).toBe(choice)
})

test('an empty choice is that of an empty answer alone', () => {
  expect(choiceOfAnswer('', ['', 'x'])).toBe(0)
  expect(choiceOfAnswer('anything', ['', 'x'])).toBe(-1)
})
