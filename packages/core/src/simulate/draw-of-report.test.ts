import { expect, test } from 'vitest'
import { bindEncoder } from '../mixture/bound-mixture.ts'
import { exampleMixture } from '../testing/example-mixture.ts'
import { fakeEncoder } from '../testing/fake-encoder.ts'
import { drawOfReport } from './draw-of-report.ts'
import { drawPrompt, promptOfDraw } from './draw-prompt.ts'

const conversation = [{ role: 'user' as const, content: 'How was the soup?' }]

test.each([
  [1, 6],
  [3, 6],
  [1, 0],
])(
  '%i pairs of a mixture with %i exemplars come back from their report, through JSON',
  async (pairs, exemplars) => {
    const mixture = exampleMixture({ exemplars })
    const bound = bindEncoder(mixture, fakeEncoder())
    for (let seed = 0; seed < 8; seed++) {
      const { messages, report } = await drawPrompt(bound, conversation, { seed, pairs })
      const draw = drawOfReport(mixture, JSON.parse(JSON.stringify(report)))
      const again = promptOfDraw(mixture, draw, conversation, { seed })
      expect(again.messages).toEqual(messages)
      expect(again.report).toEqual(report)
    }
  },
)

test('a report of another mixture is refused', () => {
  const report = { personas: ['nobody'], exemplars: [], probability: 1, temperature: 1, seed: 1 }
  expect(() => drawOfReport(exampleMixture(), report)).toThrow('"nobody", which this mixture does not have')
  expect(() =>
    drawOfReport(exampleMixture(), { ...report, personas: ['persona-1'], exemplars: ['x'] }),
  ).toThrow('report.exemplars')
})
