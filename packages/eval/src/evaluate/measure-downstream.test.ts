import { noUsage, type PopulationRecord, type TextGenerator } from '@mop/core'
import { exampleMixture, fakeEncoder } from '@mop/core/testing'
import { expect, test } from 'vitest'
import { promptArm } from '../arms/prompt-arm.ts'
import { evaluateArms, type EvaluateArmsOptions } from './evaluate-arms.ts'

const praise = ['lovely', 'warm', 'bright', 'kind', 'splendid']
const blame = ['dreary', 'cold', 'dull', 'rude', 'awful']
const textOf = (words: readonly string[], index: number): string =>
  `${words[index % 5]} and ${words[(index >> 2) % 5]}, ${words[(index + 2) % 5]} number ${index}`

/** Praise and blame are asked for in turn; young people praise more than they should. */
const records: readonly PopulationRecord[] = Array.from({ length: 80 }, (_, index) => ({
  id: `r${index}`,
  input: index % 2 === 0 ? 'Praise it.' : 'Find fault with it.',
  output: textOf(index % 2 === 0 ? praise : blame, index),
  attributes: { age: index % 4 < 2 ? 'young' : 'old' },
}))

/** Answers what is asked for, or the opposite. */
function generator(opposite: boolean): TextGenerator {
  return {
    id: 'scripted',
    generate: (requests) =>
      Promise.resolve({
        generations: requests.map(({ messages, seed = 0 }) => ({
          text: textOf((messages.at(-1)?.content === 'Praise it.') !== opposite ? praise : blame, seed % 997),
          finishReason: 'stop' as const,
          usage: noUsage,
        })),
        usage: noUsage,
      }),
  }
}

async function texts(options: Partial<EvaluateArmsOptions>) {
  const { arms } = await evaluateArms({
    mixture: exampleMixture(),
    encoder: fakeEncoder(),
    generator: generator(false),
    records,
    n: 80,
    seed: 1,
    resamples: 20,
    arms: [
      promptArm({
        name: 'plain',
        uses: 'no record',
        prompt: ({ input }) => ({ messages: [{ role: 'user', content: input }] }),
      }),
    ],
    ...options,
  })
  const part = arms[0]?.texts
  return { part, figure: part?.figures.find(({ metric }) => metric === 'downstream F1') }
}

test('answers that say what was asked for teach the inputs apart; the opposite teaches them wrong', async () => {
  const right = (await texts({})).figure
  const wrong = (await texts({ generator: generator(true) })).figure
  expect(right?.value).toBeGreaterThan(0.9)
  expect(right?.floor?.value).toBeGreaterThan(0.9)
  expect(wrong?.value).toBeLessThan(0.1)
  expect(wrong?.floor).toEqual(right?.floor)
})

test('groups can be told apart instead: here they say the same', async () => {
  const { figure, part } = await texts({ groups: 'age', classes: 'age' })
  expect(figure?.value).toBeLessThan(0.75)
  expect(figure?.sizes).toEqual({ real: 80, simulated: 80 })
  expect(part?.notes).toEqual([])
})

test('says so where classes are too small, and nothing of one input', async () => {
  const few = await texts({ n: 16 })
  expect(few.figure).toBeUndefined()
  expect(few.part?.notes).toEqual([
    'No downstream F1: fewer than two inputs have 10 real and 10 simulated free answers.',
  ])
  const one = await texts({ records: records.filter(({ input }) => input === 'Praise it.') })
  expect([one.figure, one.part?.notes]).toEqual([undefined, []])
  const third = Array.from({ length: 4 }, (_, index) => ({
    id: `x${index}`,
    input: 'And?',
    output: `none ${index}`,
  }))
  const some = await texts({ records: [...records, ...third] })
  expect(some.figure?.sizes.real).toBe(80)
  expect(some.part?.notes[0]).toContain('of the 2 of 3 inputs')
})

test.each([
  [{ classes: 'height' }, 'input, where there are no groups'],
  [{ classes: 'height', groups: 'age' }, 'one of input, age'],
])('refuses %j', async (options, message) => {
  await expect(texts(options)).rejects.toThrow(message)
})
