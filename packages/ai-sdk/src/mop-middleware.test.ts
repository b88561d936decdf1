import { bindEncoder, drawPrompt, MopError } from '@mop/core'
import { exampleMixture, fakeEncoder } from '@mop/core/testing'
import { type MopMetadata, mopMiddleware, type MopOptions, withMop } from '@mop/ai-sdk'
import {
  convertToModelMessages,
  generateText,
  isStepCount,
  jsonSchema,
  Output,
  simulateReadableStream,
  streamText,
  tool,
  ToolLoopAgent,
  wrapLanguageModel,
} from 'ai'
import { MockLanguageModelV4 } from 'ai/test'
import { describe, expect, test } from 'vitest'

type Params = Parameters<MockLanguageModelV4['doGenerate']>[0]
type Result = Awaited<ReturnType<MockLanguageModelV4['doGenerate']>>
type StreamResult = Awaited<ReturnType<MockLanguageModelV4['doStream']>>
type StreamPart = StreamResult['stream'] extends ReadableStream<infer Part> ? Part : never

const mixture = bindEncoder(exampleMixture(), fakeEncoder())
const question = 'How was the soup?'
const usage: Result['usage'] = {
  inputTokens: { total: 1, noCache: 1, cacheRead: undefined, cacheWrite: undefined },
  outputTokens: { total: 1, text: 1, reasoning: undefined },
}

function resultOf(content: Result['content'], metadata?: Result['providerMetadata']): Result {
  const calls = content.some(({ type }) => type === 'tool-call')
  return {
    content,
    finishReason: { unified: calls ? 'tool-calls' : 'stop', raw: undefined },
    usage,
    warnings: [],
    ...(metadata !== undefined && { providerMetadata: metadata }),
  }
}

/** The same answer as a stream. */
function streamOf({ content, ...rest }: Result): StreamResult {
  const chunks = content.flatMap((part): StreamPart[] =>
    part.type === 'text'
      ? [
          { type: 'text-start', id: '1' },
          { type: 'text-delta', id: '1', delta: part.text },
          { type: 'text-end', id: '1' },
        ]
      : [part as StreamPart],
  )
  const { finishReason, providerMetadata } = rest
  const finish: StreamPart = {
    type: 'finish',
    usage,
    finishReason,
    ...(providerMetadata !== undefined && { providerMetadata }),
  }
  return { stream: simulateReadableStream({ chunks: [...chunks, finish] }) }
}

function fakeModel(answer: (params: Params) => Result): MockLanguageModelV4 {
  return new MockLanguageModelV4({
    doGenerate: async (params) => {
      // Lets runs at the same time interleave.
      for (let turn = params.prompt.length; turn >= 0; turn--) await Promise.resolve()
      return answer(params)
    },
    doStream: (params) => Promise.resolve(streamOf(answer(params))),
  })
}

const polite = (): MockLanguageModelV4 =>
  fakeModel(() => resultOf([{ type: 'text', text: 'Warm.' }], { mock: { id: 1 } }))
const promptsOf = ({ doGenerateCalls, doStreamCalls }: MockLanguageModelV4): Params[] => [
  ...doGenerateCalls,
  ...doStreamCalls,
]
const metadataOf = (result: { readonly providerMetadata: unknown }): MopMetadata =>
  (result.providerMetadata as { mop: MopMetadata }).mop
const systemOf = ({ prompt }: Params): unknown => prompt.find(({ role }) => role === 'system')?.content

/** Looks `steps` times before it answers; every run uses the same ids of tool calls. */
function looking(steps: number): MockLanguageModelV4 {
  return fakeModel(({ prompt }) => {
    const done = prompt.filter(({ role }) => role === 'tool').length
    return resultOf(
      done < steps
        ? [
            { type: 'text', text: 'Let me see.' },
            { type: 'tool-call', toolCallId: `call-${done}`, toolName: 'look', input: '{}' },
          ]
        : [{ type: 'text', text: 'Done.' }],
    )
  })
}
const inputSchema = jsonSchema<object>({ type: 'object', properties: {} })
const look = tool({ inputSchema, execute: () => 'Nothing there.' })

describe('one call', () => {
  test('the draw joins what the provider reports, and the finish part of a stream', async () => {
    const model = withMop(polite(), mixture, { seed: 1 })
    const { report } = await drawPrompt(mixture, [{ role: 'user', content: question }], { seed: 1 })
    const expected = { mock: { id: 1 }, mop: report }
    expect((await generateText({ model, prompt: question })).providerMetadata).toEqual(expected)
    expect(await streamText({ model, prompt: question }).providerMetadata).toEqual(expected)
  })

  test("a call's options override the middleware's, and do not reach the provider", async () => {
    const inner = polite()
    const options: MopOptions = { seed: 1, persona: 'persona-1' }
    const model = wrapLanguageModel({ model: inner, middleware: mopMiddleware(mixture, options) })
    const result = await generateText({
      model,
      prompt: question,
      providerOptions: { mop: { persona: 'persona-2', given: { age: 'old' } }, mock: { kept: true } },
    })
    expect(metadataOf(result)).toMatchObject({ personas: ['persona-2'], seed: 1 })
    expect(inner.doGenerateCalls[0]?.providerOptions).toEqual({ mock: { kept: true } })
  })

  test("the caller's temperature wins and is reported", async () => {
    const inner = polite()
    const model = withMop(inner, mixture, { seed: 1 })
    const drawn = await generateText({ model, prompt: question })
    const asked = await generateText({ model, prompt: question, temperature: 0.25 })
    expect(inner.doGenerateCalls.map(({ temperature }) => temperature)).toEqual([
      metadataOf(drawn).temperature,
      0.25,
    ])
    expect(metadataOf(asked)).toEqual({ ...metadataOf(drawn), temperature: 0.25 })
  })

  test('images, files and tool results pass as they are; text parts are joined to the input', async () => {
    const inner = polite()
    const model = withMop(inner, mixture, { seed: 3 })
    const bytes = Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10)
    const messages: Parameters<typeof generateText>[0]['messages'] = [
      { role: 'user', content: 'Look.' },
      {
        role: 'assistant',
        content: [{ type: 'tool-call', toolCallId: '1', toolName: 'look', input: { at: 1 } }],
      },
      {
        role: 'tool',
        content: [
          {
            type: 'tool-result',
            toolCallId: '1',
            toolName: 'look',
            output: { type: 'text', value: 'A bowl.' },
          },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'How was the soup' },
          { type: 'file', data: bytes, mediaType: 'image/png' },
          { type: 'text', text: 'in the picture?' },
        ],
      },
    ]
    const bare = polite()
    await generateText({ model: bare, messages })
    const result = await generateText({ model, messages })
    const input = 'How was the soup\nin the picture?'
    const expected = await drawPrompt(mixture, [{ role: 'user', content: input }], { seed: 3 })
    expect(metadataOf(result)).toEqual(expected.report)
    const own = bare.doGenerateCalls[0]?.prompt ?? []
    expect(own).toHaveLength(4)
    expect(inner.doGenerateCalls[0]?.prompt.slice(-4)).toEqual(own)
    expect(inner.doGenerateCalls[0]?.prompt).toHaveLength(1 + expected.exemplarTurns.length + 4)
  })

  test('system messages become one, first, with their provider options', async () => {
    const inner = polite()
    const cached = { mock: { cache: true } }
    await generateText({
      model: withMop(inner, mixture, { seed: 1 }),
      instructions: [
        { role: 'system', content: 'One sentence.', providerOptions: cached },
        { role: 'system', content: 'No jokes.' },
      ],
      prompt: question,
    })
    const [first, ...others] = inner.doGenerateCalls[0]?.prompt ?? []
    expect(first).toEqual({
      role: 'system',
      content: expect.stringMatching(/^One sentence\.\n\nNo jokes\.\n\nAnswer as this person would\.\n\n/),
      providerOptions: cached,
    })
    expect(others.some(({ role }) => role === 'system')).toBe(false)
  })

  test('structured output is asked for and read as without MoP', async () => {
    const inner = fakeModel(() => resultOf([{ type: 'text', text: '{"stars":4}' }]))
    const schema = jsonSchema<{ stars: number }>({
      type: 'object',
      properties: { stars: { type: 'number' } },
      required: ['stars'],
    })
    const model = withMop(inner, mixture)
    const output = Output.object({ schema })
    expect((await generateText({ model, prompt: question, output })).output).toEqual({ stars: 4 })
    expect(await streamText({ model, prompt: question, output }).output).toEqual({ stars: 4 })
    const [call] = promptsOf(inner)
    expect(call?.responseFormat).toMatchObject({ type: 'json' })
    expect(systemOf(call as Params)).toContain('Answer as this person would.')
  })

  test.each([
    [{ seeds: 1 }, 'providerOptions.mop'],
    [{ seed: true }, 'providerOptions.mop.seed'],
    [{ persona: 3 }, 'providerOptions.mop.persona'],
    [{ given: 'young' }, 'providerOptions.mop.given'],
    [{ given: { age: ['young'] } }, 'providerOptions.mop.given'],
    [{ pairs: '2' }, 'providerOptions.mop.pairs'],
    [{ pairs: 1.5 }, 'pairs'],
  ])('%j is refused, and the model not asked', async (mop, argument) => {
    const inner = polite()
    const model = withMop(inner, mixture)
    const call = generateText({ model, prompt: question, providerOptions: { mop } })
    await expect(call).rejects.toMatchObject({ code: 'invalid-argument', argument })
    expect(promptsOf(inner)).toEqual([])
  })

  test('a string instead of a model object is refused with what to do', () => {
    // @ts-expect-error: the types refuse it too.
    const wrap = (): unknown => withMop('openai/gpt-5', mixture)
    expect(wrap).toThrow('"openai/gpt-5"')
    expect(wrap).toThrow('gateway("provider/id")')
  })

  test('errors and metadata hold no text of the prompt or of the population', async () => {
    const secret = 'My name is Ada.'
    const model = withMop(polite(), mixture)
    const error = await generateText({
      model,
      prompt: secret,
      providerOptions: { mop: { persona: 'nobody' } },
    }).catch((reason: unknown) => reason)
    expect(MopError.isInstance(error) && error.message).not.toContain(secret)
    const { providerMetadata } = await generateText({ model, prompt: secret })
    const said = JSON.stringify(providerMetadata)
    const texts = mixture.mixture.exemplars.flatMap(({ input, output }) => [input, output])
    for (const text of [secret, ...texts]) expect(said).not.toContain(text)
  })
})

describe('runs of several steps', () => {
  test('runs at the same time with the same question each keep a draw of their own', async () => {
    const inner = looking(2)
    const model = withMop(inner, mixture)
    const agent = new ToolLoopAgent({ model, tools: { look } })
    const results = await Promise.all([
      ...Array.from({ length: 20 }, () => agent.generate({ prompt: question })),
      ...Array.from({ length: 20 }, async () => {
        const { steps } = await agent.stream({ prompt: question })
        return { steps: await steps }
      }),
      ...Array.from({ length: 20 }, () =>
        generateText({ model, prompt: question, tools: { look }, stopWhen: isStepCount(5) }),
      ),
    ])
    expect(promptsOf(inner)).toHaveLength(3 * results.length)
    const runs = results.map(({ steps }) => steps.map((step) => metadataOf(step)))
    for (const [first, ...others] of runs) {
      expect(others).toEqual([first, first])
    }
    const seeds = new Set(runs.map(([first]) => first?.seed))
    expect(seeds.size).toBe(results.length)
    // Every prompt of a run is the one of its seed, whoever ran beside it.
    const expected = await Promise.all(
      runs.map(async ([first]) => {
        const { seed } = first ?? {}
        return (await drawPrompt(mixture, [{ role: 'user', content: question }], { seed })).system
      }),
    )
    const count = (texts: readonly unknown[], text: unknown): number =>
      texts.filter((one) => one === text).length
    const found = promptsOf(inner).map(systemOf)
    for (const system of new Set(expected)) {
      expect(count(found, system)).toBe(3 * count(expected, system))
    }
    expect(new Set(expected).size).toBeGreaterThan(1)
  })

  test('a run goes on with its draw after a wait, from messages that were stored', async () => {
    const inner = looking(1)
    const model = withMop(inner, mixture)
    // No execute: the run stops until the user has answered.
    const tools = { look: { inputSchema } }
    for (let run = 0; run < 8; run++) {
      const first = await generateText({ model, prompt: question, tools })
      const stored = JSON.parse(JSON.stringify(first.response.messages)) as typeof first.response.messages
      const last = await generateText({
        model: withMop(inner, mixture),
        tools,
        messages: [
          { role: 'user', content: question },
          ...stored,
          {
            role: 'tool',
            content: [
              {
                type: 'tool-result',
                toolCallId: 'call-0',
                toolName: 'look',
                output: { type: 'text', value: 'x' },
              },
            ],
          },
        ],
      })
      expect(metadataOf(last)).toEqual(metadataOf(first))
    }
  })

  test('the messages of a chat page carry the run too', async () => {
    const inner = looking(1)
    const model = withMop(inner, mixture)
    const tools = { look: { inputSchema } }
    const result = streamText({ model, prompt: question, tools })
    const chunks: unknown[] = []
    for await (const chunk of result.toUIMessageStream()) chunks.push(chunk)
    const call = chunks.find((chunk) => Reflect.get(Object(chunk), 'type') === 'tool-input-available')
    const seed = Reflect.get(Object(call), 'providerMetadata') as { mop: { seed: number } }
    const messages = await convertToModelMessages([
      { role: 'user', parts: [{ type: 'text', text: question }] },
      {
        role: 'assistant',
        parts: [
          {
            type: 'tool-look',
            toolCallId: 'call-0',
            state: 'output-available',
            input: {},
            output: 'x',
            callProviderMetadata: seed,
          },
        ],
      },
    ])
    const next = await generateText({ model, tools, messages })
    expect(metadataOf(next)).toEqual(metadataOf({ providerMetadata: await result.providerMetadata }))
  })

  test('a new message of the user is a new draw', async () => {
    const inner = looking(1)
    const model = withMop(inner, mixture)
    const first = await generateText({ model, prompt: question, tools: { look }, stopWhen: isStepCount(2) })
    const next = await generateText({
      model,
      tools: { look },
      messages: [
        { role: 'user', content: question },
        ...first.response.messages,
        { role: 'user', content: question },
      ],
    })
    expect(metadataOf(next).seed).not.toBe(metadataOf(first).seed)
  })

  test('a seed that was tampered with is passed over', async () => {
    const model = withMop(polite(), mixture)
    const { providerMetadata } = await generateText({
      model,
      tools: { look },
      messages: [
        { role: 'user', content: question },
        {
          role: 'assistant',
          content: [
            {
              type: 'tool-call',
              toolCallId: '1',
              toolName: 'look',
              input: {},
              providerOptions: { mop: { seed: { evil: true } } },
            },
          ],
        },
        {
          role: 'tool',
          content: [
            { type: 'tool-result', toolCallId: '1', toolName: 'look', output: { type: 'text', value: 'x' } },
          ],
        },
      ],
    })
    expect(typeof metadataOf({ providerMetadata }).seed).toBe('number')
  })
})
