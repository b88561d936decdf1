import { expect, test } from 'vitest'
import { noUsage } from '../ports/usage.ts'
import type { LikelihoodScorer } from '../ports/likelihood-scorer.ts'
import { choiceProbabilities } from './choice-probabilities.ts'

/** Likelihoods of the table, raised to 1 / τ. */
function scorerOf(table: Readonly<Record<string, number>>): LikelihoodScorer {
  return {
    id: 'table',
    score: (requests, { temperatures = [1] } = {}) =>
      Promise.resolve({
        scores: requests.map(({ continuation }) => ({
          logLikelihoods: Float64Array.from(temperatures, (tau) => Math.log(table[continuation] ?? 0) / tau),
          tokens: 1,
        })),
        usage: { ...noUsage, calls: requests.length },
      }),
  }
}
const messages = [{ role: 'user', content: 'Do you like it?' }] as const

test('are the likelihoods of the choices over their sum, at the temperature', async () => {
  const scorer = scorerOf({ Yes: 0.09, No: 0.01 })
  const ask = (temperature?: number) =>
    choiceProbabilities({ scorer, messages, choices: ['No', 'Yes', 'Never'], temperature })
  const { probabilities, usage } = await ask()
  for (const [index, share] of [0.1, 0.9, 0].entries()) expect(probabilities[index]).toBeCloseTo(share, 12)
  expect(usage.calls).toBe(3)
  expect((await ask(2)).probabilities[1]).toBeCloseTo(0.75, 12)
})

test('where every choice is impossible the question is named', async () => {
  await expect(
    choiceProbabilities({ scorer: scorerOf({}), messages, choices: ['No', 'Yes'] }),
  ).rejects.toThrow('"Do you like it?"')
})
