import {
  AIMessage,
  type AIMessageChunk,
  type BaseMessage,
  HumanMessage,
  SystemMessage,
} from '@langchain/core/messages'
import { fakeModel } from '@langchain/core/testing'
import { bindEncoder, type ChatMessage, type DrawReport } from '@mop/core'
import { adapterContract, type AdapterHarness } from '@mop/core/testing'
import { MixtureOfPersonas } from '@mop/langchain'
import { mixtureOfPersonasMiddleware } from '@mop/langchain/middleware'
import { createAgent, tool } from 'langchain'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { chatMessages, ScriptedChatModel } from './testing/scripted-chat-model.ts'

const messageOf = ({ role, content }: ChatMessage): BaseMessage =>
  role === 'system'
    ? new SystemMessage(content)
    : role === 'user'
      ? new HumanMessage(content)
      : new AIMessage(content)

const reportOf = (message: BaseMessage | undefined): DrawReport =>
  message?.response_metadata['mop'] as DrawReport

const harness: AdapterHarness = {
  name: '@mop/langchain',
  call: async ({ mixture, encoder, model }, conversation, { signal, ...mop }) => {
    const inside = new ScriptedChatModel(model)
    const person = new MixtureOfPersonas({ model: inside, mixture: bindEncoder(mixture, encoder) })
    const options = { configurable: { mop }, ...(signal !== undefined && { signal }) }
    const answer = await person.invoke(conversation.map(messageOf), options)
    return { calls: inside.calls, text: answer.text, report: reportOf(answer) }
  },
  stream: async ({ mixture, encoder, model }, conversation, { signal, ...mop }) => {
    const inside = new ScriptedChatModel(model)
    const person = new MixtureOfPersonas({ model: inside, mixture: bindEncoder(mixture, encoder) })
    const options = { configurable: { mop }, ...(signal !== undefined && { signal }) }
    const stream = await person.stream(conversation.map(messageOf), options)
    let whole: AIMessageChunk | undefined
    for await (const chunk of stream) whole = whole === undefined ? chunk : whole.concat(chunk)
    return { calls: inside.calls, text: whole?.text ?? '', report: reportOf(whole) }
  },
  agent: async ({ mixture, encoder }, question, mop) => {
    // `respondWithTools` would put the whole prompt into its answer.
    const using = (at: string): AIMessage =>
      new AIMessage({ content: '', tool_calls: [{ id: at, name: 'look', args: { at } }] })
    const model = fakeModel()
      .respond(using('menu'))
      .respond(using('bill'))
      .respond(new AIMessage('It was warm.'))
    const look = tool(({ at }) => `the ${at}`, { name: 'look', schema: z.object({ at: z.string() }) })
    const agent = createAgent({
      model,
      tools: [look],
      middleware: [mixtureOfPersonasMiddleware({ mixture: bindEncoder(mixture, encoder) })],
    })
    const result = await agent.invoke({ messages: [new HumanMessage(question)] }, { configurable: { mop } })
    return {
      calls: model.calls.map(({ messages }) => ({
        messages: chatMessages(messages),
        temperature: undefined,
      })),
      history: JSON.stringify(result),
      report: reportOf(result.messages.at(-1)),
    }
  },
}

const cases = adapterContract(harness)
test.each(cases.map(({ name, run }) => [name, run] as const))('%s', async (_, run) => {
  await expect(run()).resolves.toBeUndefined()
})
