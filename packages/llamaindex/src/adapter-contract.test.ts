import { createMemory } from '@llamaindex/core/memory'
import { tool } from '@llamaindex/core/tools'
import { z } from 'zod'
import { agent, agentStreamEvent, stopAgentEvent } from '@llamaindex/workflow'
import { bindEncoder, type DrawReport } from '@mop/core'
import { type AdapterHarness, adapterContract } from '@mop/core/testing'
import { drawReport, type MopLLM, withMop } from '@mop/llamaindex'
import { expect, test } from 'vitest'
import { ScriptedLLM } from './testing/scripted-llm.ts'

type Setup = Parameters<AdapterHarness['call']>[0]

function decorated({ mixture, encoder, model }: Setup): {
  readonly inner: ScriptedLLM
  readonly llm: MopLLM
} {
  const inner = new ScriptedLLM((call, signal) => model.answer(call, signal))
  const llm = withMop(inner, bindEncoder(mixture, encoder), {
    chatOptions: ({ temperature, signal }) => ({ temperature, signal }),
  })
  return { inner, llm }
}

function reported(report: DrawReport | undefined): DrawReport {
  if (report === undefined) throw new Error('no report')
  return report
}

const harness: AdapterHarness = {
  name: '@mop/llamaindex',
  async call(setup, conversation, mop) {
    const { inner, llm } = decorated(setup)
    const response = await llm.chat({ messages: [...conversation], additionalChatOptions: { mop } })
    expect(drawReport(response)).toEqual(drawReport(response.message))
    return {
      calls: inner.calls,
      text: response.message.content as string,
      report: reported(drawReport(response)),
    }
  },
  async stream(setup, conversation, mop) {
    const { inner, llm } = decorated(setup)
    let text = ''
    let report: DrawReport | undefined
    for await (const chunk of await llm.chat({
      messages: [...conversation],
      additionalChatOptions: { mop },
      stream: true,
    })) {
      text += chunk.delta
      report = drawReport(chunk)
    }
    return { calls: inner.calls, text, report: reported(report) }
  },
  async agent({ mixture, encoder }, question, options) {
    const inner = new ScriptedLLM(() => {
      const step = inner.calls.length
      return step === 3 ? 'Done.' : [{ id: `call-${step}`, name: 'look', input: '{}' }]
    })
    const look = tool({
      name: 'look',
      description: 'Looks.',
      parameters: z.object({}),
      execute: () => 'Nothing there.',
    })
    const memory = createMemory()
    const llm = withMop(inner, bindEncoder(mixture, encoder), options)
    const events = await agent({ llm, tools: [look], memory, systemPrompt: '' })
      .runStream(question)
      .toArray()
    const raws = events.flatMap((event) => (agentStreamEvent.include(event) ? [drawReport(event.data)] : []))
    const { data } = events.filter((event) => stopAgentEvent.include(event))[0] ?? {}
    return {
      calls: inner.calls,
      history: JSON.stringify([await memory.get(), data]),
      report: reported(raws.at(-1)),
    }
  },
}

const cases = adapterContract(harness)
test.each(cases.map(({ name, run }) => [name, run] as const))('%s', async (_, run) => {
  await expect(run()).resolves.toBeUndefined()
})
