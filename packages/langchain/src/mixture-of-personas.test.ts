import {
  AIMessage,
  type AIMessageChunk,
  HumanMessage,
  SystemMessage,
  ToolMessage,
} from '@langchain/core/messages'
import { StringOutputParser } from '@langchain/core/output_parsers'
import { RunnableLambda } from '@langchain/core/runnables'
import { fakeModel } from '@langchain/core/testing'
import { FakeListChatModel, FakeStreamingChatModel } from '@langchain/core/utils/testing'
import { bindEncoder, drawPrompt, type DrawReport } from '@mop/core'
import { exampleMixture, fakeEncoder } from '@mop/core/testing'
import { MixtureOfPersonas, mixtureOfPersonasPrompt, type ModelSettings } from '@mop/langchain'
import { describe, expect, expectTypeOf, test } from 'vitest'
import * as z from 'zod'
import { chatMessages, ScriptedChatModel } from './testing/scripted-chat-model.ts'

const mixture = bindEncoder(exampleMixture(), fakeEncoder())
const question = 'How was the soup?'
const conversation = [{ role: 'user' as const, content: question }]
const polite = () => new ScriptedChatModel({ answer: () => Promise.resolve('It was warm.') })
const seeded = (seed: number | string) => ({ configurable: { mop: { seed } } })
const drawnFor = async (seed: number | string) => (await drawPrompt(mixture, conversation, { seed })).report

describe('a mixture around a chat model is a Runnable', () => {
  test('takes what chat models take: a text, messages, pairs of role and text, prompt values', async () => {
    const model = polite()
    const person = new MixtureOfPersonas({ model, mixture })
    const prompt = await mixtureOfPersonasPrompt({ mixture }).invoke(question, seeded(1))
    for (const input of [question, [new HumanMessage(question)], [['human', question] as [string, string]]])
      await person.invoke(input, seeded(1))
    for (const { messages } of model.calls) expect(messages).toEqual(chatMessages(prompt.toChatMessages()))
  })

  test('batch draws for each input, with options for all or for each', async () => {
    const person = new MixtureOfPersonas({ model: polite(), mixture })
    const answers = await person.batch([question, question], [seeded(1), seeded('two')])
    expect(answers.map(({ response_metadata }) => response_metadata['mop'])).toEqual([
      await drawnFor(1),
      await drawnFor('two'),
    ])
    const free = await person.batch(Array.from({ length: 12 }, () => question))
    const seeds = new Set(free.map(({ response_metadata }) => (response_metadata['mop'] as DrawReport).seed))
    expect(seeds.size).toBe(12)
  })

  test('pipe, withConfig and a parser behind it', async () => {
    const model = polite()
    const ask = RunnableLambda.from((dish: string) => `How was the ${dish}?`)
    const chain = ask.pipe(new MixtureOfPersonas({ model, mixture })).pipe(new StringOutputParser())
    const person = chain.withConfig({ configurable: { mop: { persona: 'persona-2' } } })
    expect(await person.invoke('soup')).toBe('It was warm.')
    expect(model.calls[0]?.messages[0]?.content).toContain('crowd number 2')
    let streamed = ''
    for await (const piece of await person.stream('soup')) streamed += piece
    expect(streamed).toBe('It was warm.')
  })

  test('defaults hold where a call says nothing, and the call wins', async () => {
    const person = new MixtureOfPersonas({
      model: polite(),
      mixture,
      persona: 'persona-3',
      seed: 5,
      pairs: 2,
    })
    const mopOf = async (mop: object) =>
      (await person.invoke(question, { configurable: { mop } })).response_metadata['mop'] as DrawReport
    expect(await mopOf({})).toMatchObject({ personas: ['persona-3', 'persona-3'], seed: 5 })
    expect(await mopOf({ persona: 'persona-1', pairs: 1 })).toMatchObject({
      personas: ['persona-1'],
      seed: 5,
    })
  })

  test('withRetry tries again, with the same draw where a seed is given', async () => {
    let calls = 0
    const model = new ScriptedChatModel({
      answer: () => (++calls < 2 ? Promise.reject(new Error('busy')) : Promise.resolve('It was warm.')),
    })
    const person = new MixtureOfPersonas({ model, mixture }).withRetry({ stopAfterAttempt: 2 })
    expect((await person.invoke(question, seeded(1))).text).toBe('It was warm.')
    expect(model.calls).toHaveLength(2)
    expect(model.calls[1]).toEqual(model.calls[0])
  })

  test('streams piece by piece, the draw in the first', async () => {
    const person = new MixtureOfPersonas({ model: polite(), mixture })
    const pieces: AIMessageChunk[] = []
    for await (const piece of await person.stream(question, seeded(1))) pieces.push(piece)
    const spoken = pieces.filter(({ text }) => text !== '')
    expect(spoken.map(({ text }) => text)).toEqual(['It ', 'was ', 'warm.'])
    expect(pieces[0]?.response_metadata['mop']).toEqual(await drawnFor(1))
    expect(pieces.slice(1).filter(({ response_metadata }) => 'mop' in response_metadata)).toEqual([])
  })

  test("streams of LangChain's own fakes", async () => {
    const model = new FakeStreamingChatModel({ responses: [new AIMessage('warm')], sleep: 0 })
    let text = ''
    for await (const piece of await new MixtureOfPersonas({ model, mixture }).stream(question))
      text += piece.text
    expect(text).toBe('warm')
  })

  test('streamEvents shows the run of the model inside, with the draw and no text of the population in the metadata', async () => {
    const person = new MixtureOfPersonas({ model: polite(), mixture })
    const options = { version: 'v2' as const, tags: ['survey'], metadata: { wave: 3 }, ...seeded(1) }
    const events: { event: string; name: string; tags?: string[]; metadata: object }[] = []
    for await (const event of person.streamEvents(question, options)) events.push(event)
    const inner = events.filter(({ event }) => event.startsWith('on_chat_model'))
    expect(inner.map(({ event }) => event)).toContain('on_chat_model_stream')
    for (const { tags, metadata } of inner) {
      expect(tags).toContain('survey')
      expect(metadata).toMatchObject({ wave: 3, mop: await drawnFor(1) })
      expect(JSON.stringify(metadata)).not.toMatch(/crowd|We say|What do you say/)
    }
    expect(events[0]).toMatchObject({ event: 'on_chain_start', name: 'MixtureOfPersonas' })
  })

  test('call options of the model pass through it', async () => {
    const model = fakeModel().respond(new AIMessage('warm'))
    await new MixtureOfPersonas({ model, mixture }).invoke(question, { stop: ['.'], ...seeded(1) })
    expect(model.calls[0]?.options).toMatchObject({
      stop: ['.'],
      temperature: (await drawnFor(1)).temperature,
    })
  })
})

describe('what is said to the model', () => {
  test('a function gives the model for the temperature of the draw', async () => {
    const asked: ModelSettings[] = []
    const person = new MixtureOfPersonas({
      mixture,
      model: (settings) => {
        asked.push(settings)
        return polite()
      },
    })
    await person.invoke(question, seeded(1))
    await person.stream(question, seeded(2))
    expect(asked).toEqual([
      { temperature: (await drawnFor(1)).temperature },
      { temperature: (await drawnFor(2)).temperature },
    ])
  })

  test('messages of tools and contents of several parts stay the objects they are', async () => {
    const model = fakeModel().respond(new AIMessage('warm'))
    const own = [
      new HumanMessage({
        content: [
          { type: 'text', text: question },
          { type: 'image_url', image_url: 'data:,' },
        ],
      }),
      new AIMessage({ content: '', tool_calls: [{ id: '1', name: 'taste', args: {} }] }),
      new ToolMessage({ content: 'salty', tool_call_id: '1' }),
    ]
    await new MixtureOfPersonas({ model, mixture }).invoke(own, seeded(1))
    const messages = model.calls[0]?.messages ?? []
    expect(messages.slice(-3)).toEqual(own)
    expect(chatMessages(messages.slice(0, -3))).toEqual(
      (await drawPrompt(mixture, conversation, { seed: 1 })).messages.slice(0, -1),
    )
  })

  test("blocks of the caller's system message, such as cached ones, stay blocks", async () => {
    const model = fakeModel().respond(new AIMessage('warm'))
    const cached = { type: 'text', text: 'Answer briefly.', cache_control: { type: 'ephemeral' } }
    await new MixtureOfPersonas({ model, mixture }).invoke(
      [new SystemMessage({ content: [cached] }), new HumanMessage(question)],
      seeded(1),
    )
    const [system] = model.calls[0]?.messages ?? []
    const expected = [{ role: 'system' as const, content: cached.text }, ...conversation]
    expect(system?.content).toEqual([cached, { type: 'text', text: expect.stringMatching(/^\n\nAnswer as/) }])
    expect(system?.text).toBe((await drawPrompt(mixture, expected, { seed: 1 })).system)
  })

  test('a message that a cache gave twice is not changed', async () => {
    const shared = new AIMessage('warm')
    const model = fakeModel().respond(shared).respond(shared)
    const person = new MixtureOfPersonas({ model, mixture })
    const [first, second] = [
      await person.invoke(question, seeded(1)),
      await person.invoke(question, seeded(2)),
    ]
    expect(shared.response_metadata).not.toHaveProperty('mop')
    expect(first.response_metadata['mop']).toEqual(await drawnFor(1))
    expect(second.response_metadata['mop']).toEqual(await drawnFor(2))
    expect(AIMessage.isInstance(first) && JSON.stringify(first)).toContain('"mop"')
  })
})

describe('tools and structured output', () => {
  const taste = { name: 'taste', description: 'Tastes.', schema: z.object({ dish: z.string() }) }

  test('bindTools gives the same around the model with tools', async () => {
    const model = fakeModel().respondWithTools([{ name: 'taste', args: { dish: 'soup' } }])
    const person = new MixtureOfPersonas({ model, mixture }).bindTools([taste])
    const answer = await person.invoke(question, seeded(1))
    expect(answer.tool_calls).toMatchObject([{ name: 'taste', args: { dish: 'soup' } }])
    expect(answer.response_metadata['mop']).toEqual(await drawnFor(1))
  })

  test('withStructuredOutput gives what the model parses; the draw is in raw', async () => {
    const schema = z.object({ stars: z.number() })
    const model = fakeModel().structuredResponse({ stars: 4 })
    const person = new MixtureOfPersonas({ model, mixture }).withStructuredOutput(schema)
    const answer = await person.invoke(question)
    expectTypeOf(answer).toEqualTypeOf<{ stars: number }>()
    expect(answer).toEqual({ stars: 4 })

    const listed = new FakeListChatModel({ responses: ['{"stars": 5}'] })
    const raw = new MixtureOfPersonas({
      mixture,
      model: listed.pipe(
        RunnableLambda.from((message: AIMessageChunk) => ({ raw: message, parsed: { stars: 5 } })),
      ),
    })
    const both = await raw.invoke(question, seeded(1))
    expect(both.parsed).toEqual({ stars: 5 })
    expect(both.raw.response_metadata['mop']).toEqual(await drawnFor(1))
  })

  test('a function of the temperature keeps its tools', async () => {
    const model = fakeModel().respondWithTools([{ name: 'taste', args: { dish: 'soup' } }])
    const person = new MixtureOfPersonas({ model: () => model, mixture }).bindTools([taste])
    expect((await person.invoke(question)).tool_calls).toHaveLength(1)
  })

  test('a model without them is refused by name', () => {
    const person = new MixtureOfPersonas({ model: polite(), mixture })
    expect(() => person.bindTools([taste])).toThrow('a chat model with `bindTools`; found ScriptedChatModel')
  })
})

describe('the prompt alone', () => {
  test('is what the Runnable says, with the draw beside it, and pipes into a model', async () => {
    const prompt = mixtureOfPersonasPrompt({ mixture })
    const value = await prompt.invoke(question, seeded(1))
    expect(value.mop).toEqual(await drawnFor(1))
    expect(chatMessages(value.messages)).toEqual(
      (await drawPrompt(mixture, conversation, { seed: 1 })).messages,
    )
    const chain = prompt.pipe(new FakeListChatModel({ responses: ['warm'] })).pipe(new StringOutputParser())
    expect(await chain.invoke(question, seeded(1))).toBe('warm')
    const events: string[] = []
    for await (const { event } of chain.streamEvents(question, { version: 'v2' })) events.push(event)
    expect(events).toContain('on_prompt_end')
  })

  test('refuses an unknown group with an InvalidArgumentError', async () => {
    const asked = mixtureOfPersonasPrompt({ mixture, given: { age: 'none' } }).invoke(question)
    await expect(asked).rejects.toMatchObject({ code: 'invalid-argument', argument: 'given.age' })
  })
})
