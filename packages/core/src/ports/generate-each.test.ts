import { expect, test } from 'vitest'
import { RequestTooLongError } from '../errors/request-too-long-error.ts'
import { generateEach } from './generate-each.ts'
import type { GenerateRequest, Generation, TextGenerator } from './text-generator.ts'
import { noUsage } from './usage.ts'

const requests = Array.from({ length: 7 }, (_, seed): GenerateRequest => ({
  messages: [{ role: 'user', content: `${seed}` }],
  temperature: 1,
  seed,
}))

function answering(generate: (seed: number) => string): TextGenerator {
  return {
    id: 'fake',
    generate: (asked, { onGeneration } = {}) => {
      const generations = asked.map(({ seed }, index): Generation => {
        const generation: Generation = { text: generate(seed), finishReason: 'stop', usage: noUsage }
        onGeneration?.(index, generation)
        return generation
      })
      return Promise.resolve({ generations, usage: noUsage })
    },
  }
}

test('answers come in the order of the requests, and each is told once', async () => {
  const told: number[] = []
  const options = { batchSize: 3, onGeneration: (index: number) => told.push(index) }
  const generations = await generateEach(
    answering((seed) => `answer ${seed}`),
    requests,
    options,
  )
  expect(generations.map(({ text }) => text)).toEqual(requests.map(({ seed }) => `answer ${seed}`))
  expect(told.toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6])
  expect(await generateEach(answering(String), [])).toEqual([])
})

test('a request that is too long is named among all of them', async () => {
  const generator: TextGenerator = {
    id: 'fake',
    generate: (asked) => {
      const requestIndex = asked.findIndex(({ seed }) => seed === 5)
      if (requestIndex >= 0)
        return Promise.reject(new RequestTooLongError({ requestIndex, tokens: 9, limit: 8 }))
      return answering(String).generate(asked)
    },
  }
  await expect(generateEach(generator, requests, { batchSize: 2 })).rejects.toMatchObject({
    requestIndex: 5,
    tokens: 9,
  })
})
