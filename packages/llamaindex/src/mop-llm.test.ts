import { type ChatMessage, type ToolCallLLM } from '@llamaindex/core/llms'
import { MockLLM } from '@llamaindex/core/llms/mock'
import { createMemory } from '@llamaindex/core/memory'
import { tool } from '@llamaindex/core/tools'
import { z } from 'zod'
import { OpenAI } from '@llamaindex/openai'
import { agent, agentStreamEvent, type AgentWorkflow, FunctionAgent, multiAgent } from '@llamaindex/workflow'
import { bindEncoder, drawPrompt, type DrawReport } from '@mop/core'
import { exampleMixture, fakeEncoder } from '@mop/core/testing'
import { drawReport, type MopLLM, type MopOptions, withMop } from '@mop/llamaindex'
import { describe, expect, test } from 'vitest'
import { type ScriptedAnswer, ScriptedLLM } from './testing/scripted-llm.ts'

const mixture = bindEncoder(exampleMixture(), fakeEncoder())
const question = 'How was the soup?'
const ask: ChatMessage[] = [{ role: 'user', content: question }]
const look = tool({
  name: 'look',
  description: 'Looks.',
  parameters: z.object({}),
  execute: async () => {
    // Lets other runs step in between a call and its result.
    await new Promise((resolve) => setTimeout(resolve, 2))
    return 'Nothing there.'
  },
})

/** One object for every run, as a model with canned answers gives: runs must not be mixed up by it. */
const cannedCalls: ScriptedAnswer = [{ id: 'call-1', name: 'look', input: {} }]

/** Answers with two calls of a tool before it speaks; looks at the conversation, so that runs at the same time work. */
function toolUser(calls: ScriptedAnswer = cannedCalls): ScriptedLLM {
  const inner: ScriptedLLM = new ScriptedLLM(async () => {
    const asked = inner.asked.at(-1) ?? []
    const lastQuestion = asked.findLastIndex(
      ({ role, options = {} }) => role === 'user' && !('toolResult' in options),
    )
    const results = asked.slice(lastQuestion).filter(({ options = {} }) => 'toolResult' in options).length
    await new Promise((resolve) => setTimeout(resolve, results))
    return results < 2 ? calls : 'Done.'
  })
  return inner
}

interface AgentRun {
  readonly reports: readonly (DrawReport | undefined)[]
}

async function runAgent(assistant: AgentWorkflow, input: string): Promise<AgentRun> {
  const events = await assistant.runStream(input).toArray()
  return {
    reports: events.flatMap((event) => (agentStreamEvent.include(event) ? [drawReport(event.data)] : [])),
  }
}

function kinds(reports: readonly (DrawReport | undefined)[]): number {
  return new Set(reports.map((report) => JSON.stringify(report))).size
}

describe('the agent of the framework', () => {
  test('its own instructions come first, then the persona', async () => {
    const inner = toolUser()
    await agent({ llm: withMop(inner, mixture, { seed: 1 }), tools: [look], systemPrompt: 'Use tools.' }).run(
      question,
    )
    const expected = await drawPrompt(
      mixture,
      [
        { role: 'system', content: 'Use tools.' },
        { role: 'user', content: question },
      ],
      { seed: 1 },
    )
    for (const { messages } of inner.calls)
      expect(messages.slice(0, expected.messages.length)).toEqual(expected.messages)
    expect(inner.calls.map(({ temperature }) => temperature)).toEqual(
      Array(3).fill(expected.report.temperature),
    )
    expect(inner.tools.map((tools) => tools?.length)).toEqual([1, 1, 1])
  })

  test.each<[string, ScriptedAnswer]>([
    ['the same object', cannedCalls],
    ['a text', [{ id: 'call-1', name: 'look', input: '{"at": 1}' }]],
    ['an empty text', [{ id: 'call-1', name: 'look', input: '' }]],
  ])('runs at the same time with one question keep apart, arguments being %s', async (_, calls) => {
    const assistant = agent({ llm: withMop(toolUser(calls), mixture), tools: [look] })
    const runs = await Promise.all(Array.from({ length: 40 }, () => runAgent(assistant, question)))
    for (const { reports } of runs) {
      expect(reports.length).toBe(3)
      expect(kinds(reports)).toBe(1)
    }
    expect(kinds(runs.map(({ reports }) => reports[0]))).toBe(40)
  })

  test('the next question of a conversation is another draw', async () => {
    const assistant = agent({ llm: withMop(toolUser(), mixture), tools: [look], memory: createMemory() })
    const first = await runAgent(assistant, question)
    const second = await runAgent(assistant, question)
    expect([kinds(first.reports), kinds(second.reports)]).toEqual([1, 1])
    expect(second.reports[0]?.seed).not.toBe(first.reports[0]?.seed)
  })

  test('redraw draws for every call', async () => {
    const llm = withMop(toolUser(), mixture, { redraw: true })
    expect(kinds((await runAgent(agent({ llm, tools: [look] }), question)).reports)).toBe(3)
  })

  test("OpenAI's class, which streams arguments in pieces, keeps its draw too", async () => {
    const openai = new OpenAI({ model: 'gpt-4o', session: streamingSession() })
    const { reports } = await runAgent(agent({ llm: withMop(openai, mixture), tools: [look] }), question)
    expect(reports.length).toBeGreaterThan(3)
    expect(kinds(reports)).toBe(1)
    expect(reports[0]).toBeDefined()
  })

  test('agents that hand over to each other through one decorated model are one run', async () => {
    const drawn: DrawReport[] = []
    const inner: ScriptedLLM = new ScriptedLLM(() =>
      inner.calls.length === 1
        ? [{ id: '1', name: 'handOff', input: { toAgent: 'second', reason: 'because' } }]
        : 'Done.',
    )
    const llm = withMop(inner, mixture, { onDraw: (report) => drawn.push(report) })
    const first = new FunctionAgent({ name: 'first', llm, canHandoffTo: ['second'] })
    const second = new FunctionAgent({ name: 'second', llm, tools: [look] })
    await multiAgent({ agents: [first, second], rootAgent: first }).run(question)
    expect(drawn.length).toBe(2)
    expect(kinds(drawn)).toBe(1)
  })

  test('refuses a decorated model that calls no tools, as it does the model', () => {
    const inner = toolUser()
    inner.supportToolCall = false
    expect(() => agent({ llm: withMop(inner, mixture), tools: [look] })).toThrow('supports tool calls')
  })
})

describe('a call', () => {
  const model = (): ScriptedLLM => new ScriptedLLM(() => 'It was warm.')

  test('options of the call win over those of the model, where they are not undefined; none reaches the model', async () => {
    const inner = model()
    const llm = withMop(inner, mixture, { seed: 1, persona: 'persona-2', pairs: 2 })
    const additionalChatOptions = { temperature: 9, mop: { seed: 7, persona: undefined } }
    const report = drawReport(await llm.chat({ messages: ask, additionalChatOptions }))
    expect(report).toEqual(
      (
        await drawPrompt(mixture, [{ role: 'user', content: question }], {
          seed: 7,
          persona: 'persona-2',
          pairs: 2,
        })
      ).report,
    )
    expect(inner.options).toEqual([{ temperature: report?.temperature }])
  })

  test('chatOptions says how the provider is told', async () => {
    const inner = model()
    const llm = withMop(inner, mixture, {
      chatOptions: ({ temperature, seed }) => ({ config: { temperature, seed } }),
    })
    const report = drawReport(await llm.chat({ messages: ask, additionalChatOptions: { mop: { seed: 3 } } }))
    expect(inner.options).toEqual([{ config: { temperature: report?.temperature, seed: 3 } }])
  })

  test('images, tool results and the memory keep their places; the draw is for the texts of the last question', async () => {
    const inner = model()
    const asked: ChatMessage = {
      role: 'user',
      content: [
        { type: 'text', text: 'How was' },
        { type: 'image_url', image_url: { url: 'data:,' } },
        { type: 'text', text: 'the soup?' },
      ],
    }
    const messages: ChatMessage[] = [
      { role: 'memory', content: 'A guest.' },
      { role: 'user', content: 'First?' },
      asked,
      { role: 'assistant', content: '', options: { toolCall: [] } },
      {
        role: 'user',
        content: 'Nothing.',
        options: { toolResult: { id: '1', result: 'Nothing.', isError: false } },
      },
      { role: 'system', content: 'Be brief.' },
    ]
    await withMop(inner, mixture, { seed: 4 }).chat({ messages })
    const { system, exemplarTurns } = await drawPrompt(
      mixture,
      [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'How was\n\nthe soup?' },
      ],
      { seed: 4 },
    )
    expect(inner.asked).toEqual([
      [{ role: 'system', content: system }, ...exemplarTurns, ...messages.slice(0, -1)],
    ])
    expect(inner.asked[0]?.find(({ content }) => content === asked.content)).toBe(asked)
  })

  test("the provider's own answer keeps its class and is not written to", async () => {
    class Raw {
      readonly id = 'r'
      get double(): string {
        return this.id + this.id
      }
    }
    const raw = Object.freeze(new Raw())
    const inner = {
      ...metadataOf(model()),
      chat: () => Promise.resolve({ message: { role: 'assistant', content: '' }, raw }),
    }
    const answered = await withMop(inner as never, mixture, { seed: 1 }).chat({ messages: ask })
    expect(answered.raw).toBeInstanceOf(Raw)
    expect(answered.raw).toMatchObject({ id: 'r', double: 'rr', mop: { seed: 1 } })
    expect('mop' in raw).toBe(false)
  })

  test('of an answer alone, without the question, goes to the model as it is', async () => {
    const inner = model()
    const messages: ChatMessage[] = [{ role: 'assistant', content: 'Warm.' }]
    const response = await withMop(inner, mixture).chat({ messages })
    expect(drawReport(response)).toBeUndefined()
    expect(inner.calls).toEqual([{ messages, temperature: undefined }])
  })

  test('without a question of the user it is refused before the model is asked', async () => {
    const inner = model()
    await expect(
      withMop(inner, mixture).chat({ messages: [{ role: 'system', content: 'x' }] }),
    ).rejects.toMatchObject({ code: 'invalid-argument' })
    expect(inner.calls).toEqual([])
  })

  test('an abort is heard even where the model is not told', async () => {
    const reason = new Error('enough')
    const abort = new AbortController()
    const endless = new ScriptedLLM(() => new Promise<string>(() => abort.abort(reason)))
    const additionalChatOptions = { mop: { signal: abort.signal } }
    await expect(withMop(endless, mixture).chat({ messages: ask, additionalChatOptions })).rejects.toBe(
      reason,
    )
  })

  test('a stream ends with the reason of an abort', async () => {
    const reason = new Error('enough')
    const abort = new AbortController()
    const additionalChatOptions = { mop: { signal: abort.signal } }
    const stream = await withMop(model(), mixture).chat({
      messages: ask,
      additionalChatOptions,
      stream: true,
    })
    const read = async (): Promise<void> => {
      for await (const _ of stream) abort.abort(reason)
    }
    await expect(read()).rejects.toBe(reason)
  })
})

describe('complete and exec', () => {
  const llmOf = (options: MopOptions): { inner: ScriptedLLM; llm: MopLLM } => {
    const inner = new ScriptedLLM(() => 'It was warm.')
    return { inner, llm: withMop(inner, mixture, options) }
  }

  test('a completion is a chat of one message, streamed or not', async () => {
    const expected = await drawPrompt(mixture, [{ role: 'user', content: question }], { seed: 5 })
    const { inner, llm } = llmOf({ seed: 1 })
    const whole = await llm.complete({ prompt: question, mop: { seed: 5 } })
    let text = ''
    let report: DrawReport | undefined
    for await (const piece of await llm.complete({ prompt: question, mop: { seed: 5 }, stream: true })) {
      text += piece.text
      report = drawReport(piece)
    }
    expect([whole.text, text]).toEqual(['It was warm.', 'It was warm.'])
    expect([drawReport(whole), report]).toEqual([expected.report, expected.report])
    expect(inner.calls.map(({ messages }) => messages)).toEqual([expected.messages, expected.messages])
  })

  test('exec works, and its loop keeps one draw', async () => {
    const inner = toolUser()
    const llm = withMop(inner, mixture)
    const messages: ChatMessage[] = [...ask]
    const reports: (DrawReport | undefined)[] = []
    for (let calls = 1; calls > 0;) {
      const { newMessages, toolCalls } = await llm.exec({ messages: [...messages], tools: [look] })
      messages.push(...newMessages)
      reports.push(drawReport(newMessages[0] ?? {}))
      calls = toolCalls.length
    }
    expect(reports.length).toBe(3)
    expect(kinds(reports)).toBe(1)
    expect(reports[0]).toBeDefined()
  })

  test('exec streams its tools too, with one draw', async () => {
    const inner = toolUser()
    const drawn: DrawReport[] = []
    const llm = withMop(inner, mixture, { onDraw: (report) => drawn.push(report) })
    const messages: ChatMessage[] = [...ask]
    for (let calls = 1; calls > 0;) {
      const { newMessages, toolCalls, stream } = await llm.exec({
        messages: [...messages],
        tools: [look],
        stream: true,
      })
      for await (const chunk of stream) expect(drawReport(chunk)).toEqual(drawn[0])
      messages.push(...newMessages())
      calls = toolCalls.length
    }
    expect(drawn.length).toBe(3)
    expect(kinds(drawn)).toBe(1)
  })
})

test("the framework's mock, and the types of its models", async () => {
  const mock = withMop(new MockLLM({ responseMessage: 'Mocked.', timeBetweenToken: 0 }), mixture, { seed: 1 })
  expect((await mock.chat({ messages: ask })).message.content).toBe('Mocked.')
  const openai = withMop(new OpenAI({ apiKey: 'none', model: 'gpt-4o' }), mixture)
  const accepted: ToolCallLLM = openai
  expect([accepted.supportToolCall, accepted.metadata.model]).toEqual([true, 'gpt-4o'])
  expect(agent({ llm: openai, tools: [look] }).getAgents().length).toBe(1)
  const refused = (): unknown =>
    // @ts-expect-error reasoning_effort is an option of OpenAI's, and takes no number
    openai.chat({ messages: ask, additionalChatOptions: { reasoning_effort: 3 } })
  expect(refused).toBeTypeOf('function')
})

function metadataOf({ metadata }: ScriptedLLM): Pick<ScriptedLLM, 'metadata'> {
  return { metadata }
}

/** A client that answers OpenAI's class with two calls of a tool, whose arguments come in pieces, and then with a text. */
function streamingSession(): NonNullable<NonNullable<ConstructorParameters<typeof OpenAI>[0]>['session']> {
  let step = 0
  const create = async function* (): AsyncGenerator<object> {
    step += 1
    const chunk = (delta: object, reason: string | null): object => ({
      choices: [{ index: 0, delta, finish_reason: reason }],
    })
    if (step === 3) {
      yield chunk({ content: 'Do' }, null)
      yield chunk({ content: 'ne.' }, 'stop')
      return
    }
    yield chunk({ tool_calls: [{ index: 0, id: 'call_0', function: { name: 'look', arguments: '' } }] }, null)
    for (const piece of ['{"at', '": 1}'])
      yield chunk({ tool_calls: [{ index: 0, function: { arguments: piece } }] }, null)
    yield chunk({}, 'tool_calls')
  }
  const session: unknown = {
    apiKey: 'none',
    baseURL: '',
    chat: { completions: { create: () => Promise.resolve(create()) } },
  }
  return session as ReturnType<typeof streamingSession>
}
