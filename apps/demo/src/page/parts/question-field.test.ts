import { expect, it } from 'vitest'
import type { PopulationSummary } from '../../api-contract.ts'
import { askedOf } from './question-field.tsx'

const population: PopulationSummary = {
  id: 'p',
  name: 'p',
  shipped: false,
  records: 2,
  respondents: 0,
  closedAnswers: 1,
  notes: [],
  questions: [
    { input: 'Tea?', records: 1, choices: ['no', 'yes'] },
    { input: 'How was it?', records: 1 },
  ],
  sample: [],
  hasMixture: true,
}

it.each([
  ['', 'Tea?', ['no', 'yes']],
  ['question=How+was+it%3F&choices=a|b', 'How was it?', undefined],
  ['question=Tea%3F&choices=a|b', 'Tea?', ['no', 'yes']],
  ['question=Coffee%3F', 'Coffee?', undefined],
  ['question=Coffee%3F&choices=never', 'Coffee?', undefined],
  ['question=Coffee%3F&choices=+never+||often', 'Coffee?', ['never', 'often']],
])('%j asks %j', (query, input, choices) => {
  expect(askedOf(population, new URLSearchParams(query))).toEqual({ input, choices })
})
