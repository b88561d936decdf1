import { bindEncoder, type ChatMessage, type DrawReport } from '@mop/core'
import { type AdapterHarness, adapterContract, type ModelCall, type ScriptedModel } from '@mop/core/testing'
import { mopMiddleware } from '@mop/ai-sdk'
import { mopMiddleware as mopMiddlewareV6 } from '@mop/ai-sdk/v6'
import * as ai from 'ai'
import * as aiTest from 'ai/test'
import * as ai6 from 'ai-v6'
import * as ai6Test from 'ai-v6/test'
import { expect, test } from 'vitest'

/** What the two versions have in common, in the names of AI SDK 7. `v6.test.ts` calls AI SDK 6 by its own types. */
type Sdk = Pick<
  typeof ai,
  'ToolLoopAgent' | 'generateText' | 'jsonSchema' | 'streamText' | 'tool' | 'wrapLanguageModel'
> & { readonly mopMiddleware: typeof mopMiddleware; readonly MockModel: typeof aiTest.MockLanguageModelV4 }

const sdks: readonly (readonly [string, Sdk])[] = [
  ['@mop/ai-sdk, ai 7', { ...ai, mopMiddleware, MockModel: aiTest.MockLanguageModelV4 }],
  [
    '@mop/ai-sdk/v6, ai 6',
    { ...ai6, mopMiddleware: mopMiddlewareV6, MockModel: ai6Test.MockLanguageModelV3 } as unknown as Sdk,
  ],
]

type Params = Parameters<aiTest.MockLanguageModelV4['doGenerate']>[0]
type Result = Awaited<ReturnType<aiTest.MockLanguageModelV4['doGenerate']>>

const usage: Result['usage'] = {
  inputTokens: { total: 1, noCache: 1, cacheRead: undefined, cacheWrite: undefined },
  outputTokens: { total: 1, text: 1, reasoning: undefined },
}
const stop: Result['finishReason'] = { unified: 'stop', raw: 'stop' }

/** A call in core's words: texts only, tools left out. */
function callOf({ prompt, temperature }: Params): ModelCall {
  const messages = prompt.flatMap((message): ChatMessage[] => {
    if (message.role === 'tool') return []
    if (message.role === 'system') return [{ role: 'system', content: message.content }]
    const texts = message.content.flatMap((part) => (part.type === 'text' ? [part.text] : []))
    return texts.length === 0 ? [] : [{ role: message.role, content: texts.join('\n') }]
  })
  return { messages, temperature }
}

function harnessOf(name: string, sdk: Sdk): AdapterHarness {
  const scripted = (model: ScriptedModel): { fake: aiTest.MockLanguageModelV4; calls: ModelCall[] } => {
    const calls: ModelCall[] = []
    const answer = (params: Params): Promise<string> => {
      const call = callOf(params)
      calls.push(call)
      return model.answer(call, params.abortSignal)
    }
    const fake = new sdk.MockModel({
      doGenerate: async (params) => ({
        content: [{ type: 'text', text: await answer(params) }],
        finishReason: stop,
        usage,
        warnings: [],
      }),
      doStream: async (params) => {
        const [first, ...others] = (await answer(params)).split(/(?= )/)
        return {
          stream: new ReadableStream({
            start(controller) {
              controller.enqueue({ type: 'stream-start', warnings: [] })
              controller.enqueue({ type: 'text-start', id: '1' })
              for (const delta of [first ?? '', ...others]) {
                controller.enqueue({ type: 'text-delta', id: '1', delta })
              }
              controller.enqueue({ type: 'text-end', id: '1' })
              controller.enqueue({ type: 'finish', finishReason: stop, usage })
              controller.close()
            },
          }),
        }
      },
    })
    return { fake, calls }
  }
  const settingsOf = (
    setup: Parameters<AdapterHarness['call']>[0],
    conversation: readonly ChatMessage[],
    { signal, ...mop }: Parameters<AdapterHarness['call']>[2],
    fake: aiTest.MockLanguageModelV4,
  ) => {
    const system = conversation.find(({ role }) => role === 'system')?.content
    return {
      model: sdk.wrapLanguageModel({
        model: fake,
        middleware: sdk.mopMiddleware(bindEncoder(setup.mixture, setup.encoder)),
      }),
      messages: conversation.flatMap(({ role, content }) => (role === 'system' ? [] : [{ role, content }])),
      providerOptions: { mop: { ...mop } },
      ...(system !== undefined && { system }),
      ...(signal !== undefined && { abortSignal: signal }),
    }
  }
  return {
    name,
    async call(setup, conversation, options) {
      const { fake, calls } = scripted(setup.model)
      const result = await sdk.generateText(settingsOf(setup, conversation, options, fake))
      return { calls, text: result.text, report: reportOf(result.providerMetadata) }
    },
    async stream(setup, conversation, options) {
      const { fake, calls } = scripted(setup.model)
      const errors: unknown[] = []
      const result = sdk.streamText({
        ...settingsOf(setup, conversation, options, fake),
        onError: ({ error }) => void errors.push(error),
      })
      const texts: string[] = []
      for await (const text of result.textStream) texts.push(text)
      if (errors.length > 0) throw errors[0]
      return { calls, text: texts.join(''), report: reportOf(await result.providerMetadata) }
    },
    async agent({ mixture, encoder }, question, { seed }) {
      const calls: ModelCall[] = []
      const fake = new sdk.MockModel({
        doGenerate: async (params) => {
          calls.push(callOf(params))
          return calls.length === 3
            ? { content: [{ type: 'text', text: 'Done.' }], finishReason: stop, usage, warnings: [] }
            : {
                content: [
                  { type: 'tool-call', toolCallId: `${calls.length}`, toolName: 'look', input: '{}' },
                ],
                finishReason: { unified: 'tool-calls', raw: undefined },
                usage,
                warnings: [],
              }
        },
      })
      const look = sdk.tool({
        inputSchema: sdk.jsonSchema<object>({ type: 'object', properties: {} }),
        execute: () => 'Nothing there.',
      })
      const agent = new sdk.ToolLoopAgent({
        model: sdk.wrapLanguageModel({
          model: fake,
          middleware: sdk.mopMiddleware(bindEncoder(mixture, encoder)),
        }),
        tools: { look },
        ...(seed !== undefined && { providerOptions: { mop: { seed } } }),
      })
      const result = await agent.generate({ prompt: question })
      return {
        calls,
        history: JSON.stringify([result.steps, result.response.messages]),
        report: reportOf(result.providerMetadata),
      }
    },
  }
}

function reportOf(metadata: Record<string, unknown> | undefined): DrawReport {
  return metadata?.['mop'] as DrawReport
}

const cases = sdks.flatMap(([name, sdk]) => adapterContract(harnessOf(name, sdk)))
test.each(cases.map(({ name, run }) => [name, run] as const))('%s', async (_, run) => {
  await expect(run()).resolves.toBeUndefined()
})
