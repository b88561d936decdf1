import { type PopulationRecord, RequestTooLongError } from '@mop/core'
import { exampleMixture, fakeEncoder, fakeLikelihoodScorer, fakeTextGenerator } from '@mop/core/testing'
import { expect, test } from 'vitest'
import { bare } from '../arms/bare.ts'
import { evaluateArms } from './evaluate-arms.ts'

const long = `Please read: ${'word '.repeat(99)}`
const refuse = (
  requests: readonly { readonly messages: readonly { readonly content: string }[] }[],
): void => {
  const requestIndex = requests.findIndex(({ messages }) => messages.some(({ content }) => content === long))
  if (requestIndex >= 0) throw new RequestTooLongError({ requestIndex, tokens: 102, limit: 64 })
}

function evaluated(choices?: readonly string[]): Promise<unknown> {
  const [generator, scorer] = [fakeTextGenerator(), fakeLikelihoodScorer()]
  const records = ['How was it?', long].map((input, index): PopulationRecord => ({
    id: `r${index}`,
    input,
    output: 'Yes',
    ...(choices !== undefined && { choices }),
  }))
  return evaluateArms({
    mixture: exampleMixture(),
    encoder: fakeEncoder(),
    generator: {
      ...generator,
      generate: async (requests, call) => {
        refuse(requests)
        return generator.generate(requests, call)
      },
    },
    scorer: {
      ...scorer,
      score: async (requests, call) => {
        refuse(requests)
        return scorer.score(requests, call)
      },
    },
    records,
    arms: [bare()],
    n: 4,
    seed: 1,
  })
}

test.each([[undefined], [['No', 'Yes']]])(
  'names what is asked by its beginning, of choices %j',
  async (choices) => {
    const begin = long.slice(0, 60)
    await expect(evaluated(choices)).rejects.toThrow(`input "${begin} …", field "input": 102 tokens`)
  },
)
