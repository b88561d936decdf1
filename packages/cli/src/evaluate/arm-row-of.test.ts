import { expect, it } from 'vitest'
import { armRowOf } from './arm-row-of.ts'

const row = {
  id: 'bare/q1:0',
  kind: 'answer',
  arm: 'bare',
  input: 'How was it?',
  output: 'Fine.',
  personas: [],
  exemplars: [],
  temperature: 1,
  seed: 3,
  model: 'fake',
  finishReason: 'stop',
  usage: { calls: 1, inputTokens: 4, outputTokens: 2 },
}
const place = { path: 'report.json.answers.jsonl', line: 3 }

it('takes a row as it was written, with what a later version may add', () => {
  for (const one of [row, { ...row, kind: 'score', logLikelihood: null, tokens: 4, later: true }])
    expect(armRowOf(one, place)).toBe(one)
})

it.each([
  [{ output: 5 }, 'line 3, field "output": expected string; found 5.'],
  [{ kind: 'guess' }, 'line 3, field "kind"'],
  [{ probabilities: [0.5, 'much'] }, 'line 3, field "probabilities.1"'],
  [{ usage: undefined }, 'line 3, field "usage"'],
])('names file, line and field of a row with %j', (changed, message) => {
  expect(() => armRowOf({ ...row, ...changed }, place)).toThrow(message)
  expect(() => armRowOf({ ...row, ...changed }, place)).toThrow('report.json.answers.jsonl')
})
