import { MockLLM } from '@llamaindex/core/llms/mock'
import {
  BasePromptTemplate,
  defaultRefinePrompt,
  defaultTextQAPrompt,
  PromptTemplate,
} from '@llamaindex/core/prompts'
import { getResponseSynthesizer } from '@llamaindex/core/response-synthesizers'
import { TextNode } from '@llamaindex/core/schema'
import { bindEncoder, chatTemplate, drawPrompt } from '@mop/core'
import { exampleMixture, fakeEncoder } from '@mop/core/testing'
import { MopPromptTemplate, withMop } from '@mop/llamaindex'
import { expect, test } from 'vitest'
import { ScriptedLLM } from './testing/scripted-llm.ts'

const mixture = bindEncoder(exampleMixture(), fakeEncoder())
const input = 'How was the {soup} for $& and $1?'

test('its messages are those of the draw, whatever stands in the input', async () => {
  for (const seed of [1, 2, 3]) {
    const template = await MopPromptTemplate.draw(mixture, input, { seed, pairs: 2 })
    const expected = await drawPrompt(mixture, [{ role: 'user', content: input }], { seed, pairs: 2 })
    expect(template.formatMessages()).toEqual(expected.messages)
    expect(template.report).toEqual(expected.report)
    expect(template).toBeInstanceOf(BasePromptTemplate)
    expect(template.vars()).toEqual([])
  }
})

test('as one text: system text, exemplars with their roles, what is asked', async () => {
  const template = await MopPromptTemplate.draw(mixture, input, { seed: 1 })
  const [system, question, answer] = template.formatMessages()
  const text = `${system?.content}\n\nuser: ${question?.content}\nassistant: ${answer?.content}\n\n${input}`
  expect(template.format()).toBe(text)
  expect(template.template).toBe(text)
  const bare = bindEncoder(exampleMixture({ exemplars: 0 }), fakeEncoder())
  expect((await MopPromptTemplate.draw(bare, input, { seed: 1 })).format()).toMatch(
    /^Answer as .*\n\nWrites .*\n\nHow was/,
  )
})

test('variables are those of the prompt inside, and a part of them can be given before', async () => {
  const prompt = new PromptTemplate({ templateVars: ['context', 'query'], template: '{context}; {query}' })
  const template = await MopPromptTemplate.draw(mixture, input, { seed: 1, prompt })
  expect(template.vars()).toEqual(['context', 'query'])
  expect([...template.templateVars]).toEqual(['context', 'query'])
  const partly = template.partialFormat({ query: 'Warm?' })
  expect(partly.format({ context: 'Soup' })).toBe(template.format({ context: 'Soup', query: 'Warm?' }))
  expect(partly.formatMessages({ context: 'Soup' }).at(-1)).toEqual({ role: 'user', content: 'Soup; Warm?' })
  expect(partly.report).toBe(template.report)
  expect(template.template.endsWith('{context}; {query}')).toBe(true)
})

test('braces of a persona are no variables', async () => {
  const render: typeof chatTemplate = {
    id: 'braces',
    render: (pairs, asked) => [
      { role: 'system', content: '{context}' },
      ...chatTemplate.render(pairs, asked),
    ],
  }
  const template = await MopPromptTemplate.draw(mixture, input, {
    seed: 1,
    template: render,
    prompt: defaultTextQAPrompt,
  })
  const text = template.format({ context: 'The soup is warm.', query: 'Warm?' })
  expect(text.startsWith('{context}\n\n')).toBe(true)
  expect(text.endsWith(defaultTextQAPrompt.format({ context: 'The soup is warm.', query: 'Warm?' }))).toBe(
    true,
  )
})

test('a response synthesizer takes it, with any model', async () => {
  const inner = new ScriptedLLM(() => 'It was warm.')
  const textQATemplate = await MopPromptTemplate.draw(mixture, 'Warm?', {
    seed: 1,
    prompt: defaultTextQAPrompt,
  })
  const refineTemplate = await MopPromptTemplate.draw(mixture, 'Warm?', {
    seed: 1,
    prompt: defaultRefinePrompt,
  })
  const synthesizer = getResponseSynthesizer('compact', { llm: inner, textQATemplate, refineTemplate })
  const nodes = [{ node: new TextNode({ text: 'The soup is warm.' }), score: 1 }]
  const response = await synthesizer.synthesize({ query: 'Warm?', nodes })
  expect(response.message.content).toBe('It was warm.')
  expect(inner.calls.map(({ messages }) => messages)).toEqual([
    [{ role: 'user', content: textQATemplate.format({ context: 'The soup is warm.', query: 'Warm?' }) }],
  ])
})

test('a response synthesizer takes a decorated model too, whose draw is for the whole prompt', async () => {
  const reports: unknown[] = []
  const llm = withMop(new MockLLM({ timeBetweenToken: 0 }), mixture, {
    onDraw: (report) => reports.push(report),
  })
  const nodes = [{ node: new TextNode({ text: 'The soup is warm.' }), score: 1 }]
  const stream = await getResponseSynthesizer('tree_summarize', { llm }).synthesize(
    { query: 'Warm?', nodes },
    true,
  )
  let text = ''
  for await (const chunk of stream) text += chunk.delta
  expect(text).toBe('This is a mock response')
  expect(reports.length).toBe(1)
})

test('an unknown persona is refused', async () => {
  await expect(MopPromptTemplate.draw(mixture, input, { persona: 'nobody' })).rejects.toMatchObject({
    code: 'invalid-argument',
  })
})
