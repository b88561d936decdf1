import { expect, test } from 'vitest'
import { measureChoices } from './measure-choices.ts'

test('tells answers that are no choices from questions that nobody was asked', () => {
  const real = [
    {
      id: 'r1',
      input: 'Agree?',
      output: 'Yes',
      choices: ['No', 'Yes'],
      respondent: 'p1',
      groups: [],
      weight: 1,
    },
  ]
  const row = { id: 'bare/q1:0', input: 'Agree?', output: 'Perhaps' }
  const notes = (simulated: Parameters<typeof measureChoices>[0]['simulated']): readonly string[] =>
    measureChoices({ real, simulated, seed: 1, groupedBy: 0, pooled: false }).notes
  expect(notes([])).toEqual(['No closed question was asked: an arm gives too few answers.'])
  expect(notes([{ row, choices: ['No', 'Yes'] } as unknown as Parameters<typeof notes>[0][number]])).toEqual([
    'No answer is among the choices: there is nothing to compare.',
  ])
})
