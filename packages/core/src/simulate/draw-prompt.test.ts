import { expect, test } from 'vitest'
import { bindEncoder } from '../mixture/bound-mixture.ts'
import type { ChatMessage } from '../ports/chat-message.ts'
import { promptPairs } from '../mixture/prompt-pairs.ts'
import { chatTemplate } from '../prompt/prompt-template.ts'
import type { AdapterHarness } from '../testing/adapter-contract.ts'
import { adapterContract } from '../testing/adapter-contract.ts'
import { exampleMixture } from '../testing/example-mixture.ts'
import { fakeEncoder } from '../testing/fake-encoder.ts'
import { type DrawnPrompt, drawPrompt, promptOfDraw } from './draw-prompt.ts'

/** Core itself as a framework: the contract must hold for what it is written in. */
const core: AdapterHarness = {
  name: 'core',
  async call({ mixture, encoder, model }, conversation, options) {
    options.signal?.throwIfAborted()
    const { messages, report } = await drawPrompt(bindEncoder(mixture, encoder), conversation, options)
    const call = { messages, temperature: report.temperature }
    return { calls: [call], text: await model.answer(call, options.signal), report }
  },
  stream: (...given) => core.call(...given),
  async agent({ mixture, encoder }, question, options) {
    const history: ChatMessage[] = [{ role: 'user', content: question }]
    const first = await drawPrompt(bindEncoder(mixture, encoder), history, options)
    const calls = []
    for (const answer of ['look at one', 'look at two', 'done']) {
      const { messages } = promptOfDraw(mixture, first.draw, history, first.report)
      calls.push({ messages, temperature: first.report.temperature })
      history.push({ role: 'assistant', content: answer })
    }
    return { calls, history: JSON.stringify(history), report: first.report }
  },
}

const cases = adapterContract(core)
test.each(cases.map(({ name, run }) => [name, run] as const))('%s', async (_, run) => {
  await expect(run()).resolves.toBeUndefined()
})

async function failures(harness: AdapterHarness): Promise<string[]> {
  const failed: string[] = []
  for (const { name, run } of adapterContract(harness)) {
    await run().catch(() => failed.push(name))
  }
  return failed
}

const withPrompt = (change: (drawn: DrawnPrompt) => readonly ChatMessage[]): AdapterHarness => ({
  ...core,
  async call({ mixture, encoder, model }, conversation, options) {
    options.signal?.throwIfAborted()
    const drawn = await drawPrompt(bindEncoder(mixture, encoder), conversation, options)
    const call = { messages: change(drawn), temperature: drawn.report.temperature }
    return { calls: [call], text: await model.answer(call, options.signal), report: drawn.report }
  },
})

test.each<[string, AdapterHarness, string]>([
  [
    'exemplars are dropped',
    withPrompt(({ messages, exemplarTurns }) => messages.filter((one) => !exemplarTurns.includes(one))),
    "core's persona, exemplars and prompt",
  ],
  [
    'a persona replaces the system message',
    withPrompt(({ messages }) =>
      messages.map((one) =>
        one.role === 'system'
          ? { ...one, content: one.content.replace('Answer in one sentence.\n\n', '') }
          : one,
      ),
    ),
    'system message is kept',
  ],
  [
    'the seed is ignored',
    {
      ...core,
      call: async (setup, conversation, options) =>
        core.call(setup, conversation, { ...options, seed: undefined }),
    },
    'says how to repeat it',
  ],
  [
    'the group is ignored',
    {
      ...core,
      call: async (setup, conversation, options) =>
        core.call(setup, conversation, { ...options, given: undefined }),
    },
    'a group and a fixed persona',
  ],
  [
    'an error is wrapped',
    {
      ...core,
      call: (...given) =>
        core.call(...given).catch((cause: unknown) => Promise.reject(new Error('wrapped', { cause }))),
    },
    'an error of the model comes through',
  ],
  [
    'an agent draws at every step',
    {
      ...core,
      async agent(setup, question, options) {
        const run = await core.agent(setup, question, options)
        const other = await core.agent(setup, question, { seed: `${options.seed} again` })
        return { ...run, calls: [...run.calls.slice(0, 2), ...other.calls.slice(2)] }
      },
    },
    'an agent keeps one draw',
  ],
  [
    'exemplars stay in the history',
    {
      ...core,
      async agent(setup, question, options) {
        const run = await core.agent(setup, question, options)
        return { ...run, history: JSON.stringify(run.calls[0]?.messages) }
      },
    },
    'an agent keeps one draw',
  ],
])('the contract catches it when %s', async (_, harness, law) => {
  expect((await failures(harness)).some((name) => name.includes(law))).toBe(true)
})

test('drawPrompt renders what simulate renders for the same draw', async () => {
  const mixture = exampleMixture()
  const bound = bindEncoder(mixture, fakeEncoder())
  const { draw, messages } = await drawPrompt(bound, [{ role: 'user', content: 'x' }], { seed: 5 })
  expect(messages).toEqual(chatTemplate.render(promptPairs(mixture, draw), 'x'))
})
