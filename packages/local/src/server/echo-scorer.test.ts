import {
  type ChatMessage,
  createEchoScorer,
  type EchoScorerOptions,
  probeScorer,
  type ScoreRequest,
} from '@mop/core'
import { likelihoodScorerContract } from '@mop/core/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadLocalModel, type LocalModel } from '../engine/local-model.ts'
import { shippedModelPath } from '../engine/model-file.ts'
import { createLocalScorer } from '../scorer/local-scorer.ts'
import { randomModelFile } from '../testing/random-model-file.ts'
import { testContract } from '../testing/test-contract.ts'
import { createLocalServer, type LocalServer } from './local-server.ts'

interface Completions {
  readonly choices: readonly {
    readonly logprobs: { tokens: string[]; token_logprobs: (number | null)[]; text_offset: number[] }
  }[]
}

/** The endpoint as any program reaches it: one plain request. */
const completeAt =
  (url: string): EchoScorerOptions['complete'] =>
  async (prompt, { signal }) => {
    const response = await fetch(`${url}/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'local', prompt, echo: true, logprobs: 1, max_tokens: 0 }),
      ...(signal === undefined ? {} : { signal }),
    })
    if (!response.ok) throw new Error(await response.text())
    const { choices } = (await response.json()) as Completions
    return choices.map(({ logprobs }) => ({
      tokens: logprobs.tokens,
      logProbabilities: logprobs.token_logprobs,
      textOffsets: logprobs.text_offset,
    }))
  }

const withTokens = (messages: readonly ChatMessage[]): string => {
  const last = messages.at(-1)
  const open = last?.role === 'assistant' ? last.content : ''
  const closed = open === '' ? messages : messages.slice(0, -1)
  return `${closed.map(({ role, content }) => `<|${role}|>${content}<|end|>`).join('')}<|assistant|>${open}`
}

const requests: readonly ScoreRequest[] = [
  'no',
  'rather so, yes',
  'na\u00efve \u201cquotes\u201d 👩‍👧',
  '',
  ' spaced ',
].flatMap((continuation) =>
  ['Short answers.', 'Smiles a lot \u{1F600}'].map((persona): ScoreRequest => ({
    messages: [
      { role: 'system', content: persona },
      { role: 'user', content: 'How was it?' },
    ],
    continuation,
    ends: false,
  })),
)

describe.each([
  ['a model with a chat template', () => randomModelFile({ vocabulary: 300 }), withTokens],
  [
    'a model without one, the default prompt',
    () => randomModelFile({ vocabulary: 300, chatTemplate: false }),
    undefined,
  ],
])('the echo of %s', (_, path, render) => {
  let model: LocalModel
  let server: LocalServer
  beforeAll(async () => {
    model = await loadLocalModel({ model: path() })
    server = await createLocalServer({ model })
  })
  afterAll(async () => {
    await server.dispose()
    await model.dispose()
  })
  const make = (options: Partial<EchoScorerOptions> = {}) =>
    createEchoScorer({ id: 'echo', complete: completeAt(server.url), render, ...options })

  test.each(render === undefined ? [false] : [false, true])(
    'gives the scores of the local scorer, ends: %s',
    async (ends) => {
      const asked = requests.map((request) => ({ ...request, ends }))
      const { scores: expected } = await createLocalScorer(model).score(asked)
      const { scores, usage } = await make(ends ? { endOfAnswer: '<|end|>' } : {}).score(asked)
      for (const [index, { logLikelihoods, tokens }] of scores.entries()) {
        const [value = NaN] = expected[index]?.logLikelihoods ?? []
        expect(tokens).toBe(expected[index]?.tokens)
        expect(Math.abs((logLikelihoods[0] ?? NaN) - value)).toBeLessThan(1e-3)
      }
      expect(usage.outputTokens).toBe(expected.reduce((sum, { tokens }) => sum + tokens, 0))
    },
  )
})

describe('the echo of the shipped model', () => {
  let server: LocalServer
  beforeAll(async () => void (server = await createLocalServer({ model: shippedModelPath() })))
  afterAll(() => server.dispose())
  const make = () => createEchoScorer({ id: 'echo', complete: completeAt(server.url), endOfAnswer: '\n\n' })

  test('passes the probe', async () => {
    await expect(probeScorer(make())).resolves.toMatchObject({ calls: 29 })
  })

  testContract(likelihoodScorerContract(make, { anyTemperature: false, rawPrompts: true, tolerance: 1e-3 }))
})
