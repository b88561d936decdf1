import { chatTemplate, type LikelihoodScorer } from '@mop/core'
import { fakeLikelihoodScorer } from '@mop/core/testing'
import { expect, it } from 'vitest'
import { estimateCost } from './estimate-cost.ts'

const records = Array.from({ length: 50 }, (_, index) => ({
  id: `r${index}`,
  input: 'q',
  output: `answer ${index}`,
}))
const personas = ['a', 'b', 'c', 'd', 'e'].map((id) => ({ id, text: `Writes ${id}.` }))

/** A scorer that takes one second a request, by a clock of its own. */
function slowScorer(): { scorer: LikelihoodScorer; requests: () => number; now: () => number } {
  const fake = fakeLikelihoodScorer()
  let requests = 0
  const scorer: LikelihoodScorer = {
    id: fake.id,
    score: (asked, options) => {
      requests += asked.length
      return fake.score(asked, options)
    },
  }
  return { scorer, requests: () => requests, now: () => requests * 1000 }
}

const shared = {
  template: chatTemplate,
  temperatures: [1, 2],
  personas,
  exemplars: records.slice(0, 3),
  records,
}

it('scales what a few real requests took to all calls', async () => {
  const { scorer, requests, now } = slowScorer()
  const { seconds, tokens } = await estimateCost({
    ...shared,
    scorer,
    now,
    calls: 1200,
    recordsPerComponent: 3,
  })
  expect(requests()).toBe(1 + 4 * 3)
  expect(seconds).toBeCloseTo(1200, 6)
  expect(tokens).toBeGreaterThan(1200)
})

it('stays a small probe, and works without exemplars', async () => {
  const { scorer, requests, now } = slowScorer()
  const estimate = await estimateCost({
    ...shared,
    exemplars: [],
    scorer,
    now,
    calls: 0,
    recordsPerComponent: 1e6,
  })
  expect(requests()).toBe(1 + 4 * 12)
  expect(estimate).toEqual({ seconds: 0, tokens: 0 })
})
