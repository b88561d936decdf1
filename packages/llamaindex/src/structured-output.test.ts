import { tool } from '@llamaindex/core/tools'
import { agent } from '@llamaindex/workflow'
import { bindEncoder, type DrawReport } from '@mop/core'
import { exampleMixture, fakeEncoder } from '@mop/core/testing'
import { withMop } from '@mop/llamaindex'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { ScriptedLLM } from './testing/scripted-llm.ts'

/** Agents have structured output since `@llamaindex/core` 0.6.22: the reason for the peer's range. */
test('an agent turns its last answer into structured output without the question: no persona, no draw', async () => {
  const inner: ScriptedLLM = new ScriptedLLM(() =>
    inner.calls.length === 1 ? 'Warm.' : [{ id: '1', name: 'format_output', input: { warm: true } }],
  )
  const reports: DrawReport[] = []
  const mixture = bindEncoder(exampleMixture(), fakeEncoder())
  const llm = withMop(inner, mixture, { onDraw: (report) => reports.push(report) })
  const look = tool({
    name: 'look',
    description: 'Looks.',
    parameters: z.object({}),
    execute: () => 'Nothing there.',
  })
  const responseFormat = z.object({ warm: z.boolean() })
  const { data } = await agent({ llm, tools: [look] }).run('How was the soup?', { responseFormat })
  expect(data.object).toEqual({ warm: true })
  expect(inner.calls[1]).toEqual({
    messages: [{ role: 'assistant', content: 'Warm.' }],
    temperature: undefined,
  })
  expect(reports.length).toBe(1)
})
