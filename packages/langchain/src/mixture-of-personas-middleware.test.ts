import { AIMessage, type BaseMessage, HumanMessage, SystemMessage } from '@langchain/core/messages'
import { fakeModel } from '@langchain/core/testing'
import { MemorySaver } from '@langchain/langgraph'
import { bindEncoder, drawPrompt, type DrawReport } from '@mop/core'
import { exampleMixture, fakeEncoder } from '@mop/core/testing'
import { mixtureOfPersonasMiddleware } from '@mop/langchain/middleware'
import { createAgent, createMiddleware, tool } from 'langchain'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { chatMessages } from './testing/scripted-chat-model.ts'

const mixture = bindEncoder(exampleMixture(), fakeEncoder())
const messages = [new HumanMessage('How was the soup?')]
const look = tool(({ at }) => `the ${at}`, { name: 'look', schema: z.object({ at: z.string() }) })
const using = (at: string): AIMessage =>
  new AIMessage({ content: '', tool_calls: [{ id: at, name: 'look', args: { at } }] })
const mopOf = (list: readonly BaseMessage[]): DrawReport[] =>
  list.flatMap(({ response_metadata }) => (response_metadata['mop'] as DrawReport | undefined) ?? [])
const population = /crowd number|We say|What do you say/

test('without a seed each run draws once, and runs differ', async () => {
  const reports: DrawReport[] = []
  for (let run = 0; run < 8; run++) {
    const model = fakeModel().respond(using('menu')).respond(new AIMessage('Warm.'))
    const agent = createAgent({
      model,
      tools: [look],
      middleware: [mixtureOfPersonasMiddleware({ mixture })],
    })
    const result = await agent.invoke({ messages })
    const [first, second, ...others] = mopOf(result.messages)
    expect(others).toEqual([])
    expect(second).toEqual(first)
    const [one, two] = model.calls.map((call) => JSON.stringify(chatMessages(call.messages)).slice(0, -1))
    expect(two?.startsWith(one ?? '?')).toBe(true)
    reports.push(first as DrawReport)
  }
  expect(new Set(reports.map(({ personas, exemplars }) => `${personas} ${exemplars}`)).size).toBeGreaterThan(
    1,
  )
})

test('a checkpointer keeps ids and numbers, no text of the population, and a run that broke off goes on with its draw', async () => {
  const checkpointer = new MemorySaver()
  const model = fakeModel()
    .respond(using('menu'))
    .respond(new Error('the server is gone'))
    .respond(new AIMessage('Warm.'))
    .respond(new AIMessage('Cold.'))
  const create = () =>
    createAgent({
      model,
      tools: [look],
      middleware: [mixtureOfPersonasMiddleware({ mixture })],
      checkpointer,
    })
  const config = { configurable: { thread_id: '1' } }
  await expect(create().invoke({ messages }, config)).rejects.toThrow('the server is gone')
  const saved = (await checkpointer.getTuple(config))?.checkpoint.channel_values ?? {}
  expect(saved['_mop']).toEqual(mopOf(saved['messages'] as BaseMessage[])[0])

  const result = await create().invoke(null, config)
  const [first, second] = mopOf(result.messages)
  expect(second).toEqual(first)
  expect(result).not.toHaveProperty('_mop')

  const next = await create().invoke({ messages: [new HumanMessage('And the bread?')] }, config)
  expect(mopOf(next.messages)[2]?.seed).not.toBe(first?.seed)
  const bytes = JSON.stringify(checkpointer.storage, (_, value: unknown) =>
    value instanceof Uint8Array ? new TextDecoder().decode(value) : value,
  )
  expect(bytes).toContain('How was the soup?')
  expect(bytes).not.toMatch(population)
})

test("the agent's own system prompt comes first, and other middleware sees the caller's messages", async () => {
  const model = fakeModel().respond(new AIMessage('Warm.'))
  const seen: number[] = []
  const counting = createMiddleware({
    name: 'counting',
    wrapModelCall: (request, handler) => {
      seen.push(request.messages.length)
      return handler(request)
    },
  })
  const options = { mixture, given: { age: 'young' }, pairs: 2 }
  const agent = createAgent({
    model,
    tools: [],
    systemPrompt: 'Answer in one sentence.',
    middleware: [counting, mixtureOfPersonasMiddleware(options)],
  })
  await agent.invoke({ messages }, { configurable: { mop: { seed: 3 } } })
  const conversation = [
    { role: 'system' as const, content: 'Answer in one sentence.' },
    { role: 'user' as const, content: 'How was the soup?' },
  ]
  const expected = await drawPrompt(mixture, conversation, { ...options, seed: 3 })
  expect(chatMessages(model.calls[0]?.messages ?? [])).toEqual(expected.messages)
  expect(seen).toEqual([1])
})

test('the temperature goes to the model as a setting, or to the function that makes it', async () => {
  const model = fakeModel().respond(new AIMessage('Warm.'))
  const temperatures: number[] = []
  const middleware = mixtureOfPersonasMiddleware({
    mixture,
    model: ({ temperature }) => {
      temperatures.push(temperature)
      return model
    },
  })
  const unused = fakeModel()
  const result = await createAgent({ model: unused, tools: [], middleware: [middleware] }).invoke({
    messages,
  })
  expect(temperatures).toEqual([mopOf(result.messages)[0]?.temperature])
  expect(unused.callCount).toBe(0)
})

test('structured output of an agent keeps working', async () => {
  const model = fakeModel().respond(
    new AIMessage({ content: '', tool_calls: [{ id: '1', name: 'extract-1', args: { stars: 4 } }] }),
  )
  const schema = z.object({ stars: z.number() })
  const agent = createAgent({
    model,
    tools: [],
    responseFormat: schema,
    middleware: [mixtureOfPersonasMiddleware({ mixture })],
  })
  const result = await agent.invoke({ messages })
  expect(result.structuredResponse).toEqual({ stars: 4 })
  expect(mopOf(result.messages)).toHaveLength(1)
})

test('LangChain itself wraps an error of the model for every middleware around its call; the very error is the innermost cause', async () => {
  const failure = Object.assign(new Error('the model is out of tokens'), { name: 'QuotaError', status: 429 })
  const seen: unknown[] = []
  const ours = mixtureOfPersonasMiddleware({ mixture })
  const passing = createMiddleware({
    name: 'passing',
    wrapModelCall: async (request, handler) => {
      try {
        return await handler(request)
      } catch (error) {
        seen.push(error)
        throw error
      }
    },
  })
  const errorWith = (middleware: (typeof passing | typeof ours)[]): Promise<unknown> =>
    createAgent({ model: fakeModel().respond(failure), tools: [], middleware })
      .invoke({ messages })
      .then(String, (reason: unknown) => reason)
  const wrapped = { name: 'QuotaError', message: 'the model is out of tokens' }
  // Without ours: untouched where nothing stands around the call, wrapped by a middleware that only passes it on.
  expect(await errorWith([])).toBe(failure)
  expect(await errorWith([passing])).toMatchObject({ ...wrapped, cause: failure })
  expect(seen).toEqual([failure])
  // With ours it is the same, and one that stands within it, as retries should, gets the very error.
  const alone = await errorWith([ours])
  expect(alone).not.toBe(failure)
  expect(alone).toMatchObject(wrapped)
  expect(Reflect.get(Object(alone), 'cause')).toBe(failure)
  await errorWith([ours, passing])
  expect(seen).toHaveLength(2)
  expect(seen[1]).toBe(failure)
  const outside = await errorWith([passing, ours])
  expect(Reflect.get(Object(seen[2]), 'cause')).toBe(failure)
  expect(Reflect.get(Object(outside), 'cause')).toBe(seen[2])
})

test('an unknown persona and a checkpoint of another mixture are refused', async () => {
  const middleware = [mixtureOfPersonasMiddleware({ mixture })]
  const agent = createAgent({ model: fakeModel().respond(new AIMessage('x')), tools: [], middleware })
  const asked = agent.invoke({ messages }, { configurable: { mop: { persona: 'nobody' } } })
  await expect(asked).rejects.toMatchObject({ code: 'invalid-argument', argument: 'persona' })

  const checkpointer = new MemorySaver()
  const model = fakeModel()
    .respond(using('menu'))
    .respond(new Error('the server is gone'))
    .respond(new AIMessage('Warm.'))
  const config = { configurable: { thread_id: '1', mop: { persona: 'persona-4' } } }
  const broken = createAgent({ model, tools: [look], middleware, checkpointer }).invoke(
    { messages: [new SystemMessage('Be brief.'), ...messages] },
    config,
  )
  await expect(broken).rejects.toThrow('the server is gone')
  const smaller = bindEncoder(exampleMixture({ personas: 2 }), fakeEncoder())
  const other = [mixtureOfPersonasMiddleware({ mixture: smaller })]
  const resumed = createAgent({ model, tools: [look], middleware: other, checkpointer }).invoke(null, config)
  await expect(resumed).rejects.toMatchObject({
    message: expect.stringContaining('"persona-4", which this mixture does not have'),
    cause: { code: 'invalid-argument' },
  })
})
