import * as agents from '@llamaindex/workflow'
import { z } from 'zod'
import { createWorkflow, workflowEvent } from '@llamaindex/workflow-core'
import { createStatefulMiddleware } from '@llamaindex/workflow-core/middleware/state'
import { bindEncoder, drawPrompt } from '@mop/core'
import { exampleMixture, fakeEncoder } from '@mop/core/testing'
import { withMop } from '@mop/llamaindex'
import { addMopStep, type MopAnswer } from '@mop/llamaindex/workflow'
import { expect, test } from 'vitest'
import { ScriptedLLM } from './testing/scripted-llm.ts'

const mixture = bindEncoder(exampleMixture(), fakeEncoder())
const askEvent = workflowEvent<{ readonly question: string; readonly seed?: number }>()
const answerEvent = workflowEvent<MopAnswer>()
const pieceEvent = workflowEvent<string>()
const failedEvent = workflowEvent<unknown>()
const question = 'How was the soup?'

test('answers an event with a draw of its own', async () => {
  const workflow = createWorkflow()
  const llm = withMop(new ScriptedLLM(() => 'It was warm.'), mixture)
  addMopStep(workflow, {
    on: askEvent,
    llm,
    ask: (data) => data.question,
    options: ({ seed }) => ({ seed }),
    answer: (answer) => answerEvent.with(answer),
  })
  const { sendEvent, stream } = workflow.createContext()
  sendEvent(...[1, 2, 3].map((seed) => askEvent.with({ question, seed })))
  const events = await stream.filter(answerEvent).take(3).toArray()
  const found = events
    .map(({ data }) => data as MopAnswer)
    .sort((a, b) => Number(a.report?.seed) - Number(b.report?.seed))
  for (const [index, { text, report }] of found.entries()) {
    expect(text).toBe('It was warm.')
    expect(report).toEqual(
      (await drawPrompt(mixture, [{ role: 'user', content: question }], { seed: index + 1 })).report,
    )
  }
})

test('streams within a stateful workflow, and passes its signal on', async () => {
  const stateful = createStatefulMiddleware(() => ({ asked: 0 }))
  const workflow = stateful.withState(createWorkflow())
  workflow.handle([askEvent], ({ state }) => void (state.asked += 1))
  let heard: AbortSignal | undefined
  const inner = new ScriptedLLM((_, signal) => {
    heard = signal
    return 'It was warm.'
  })
  addMopStep(workflow, {
    on: askEvent,
    llm: withMop(inner, mixture, { seed: 1, chatOptions: ({ signal }) => ({ signal }) }),
    ask: (data) => [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: data.question },
    ],
    piece: (delta) => pieceEvent.with(delta),
    answer: (answer) => answerEvent.with(answer),
  })
  const context = workflow.createContext()
  context.sendEvent(askEvent.with({ question }))
  const events = await context.stream.until(answerEvent).toArray()
  expect(events.filter((event) => pieceEvent.include(event)).map(({ data }) => data)).toEqual([
    'It',
    ' was',
    ' warm.',
  ])
  expect(events.at(-1)?.data).toMatchObject({ text: 'It was warm.', report: { seed: 1 } })
  expect(heard).toBeInstanceOf(AbortSignal)
  expect(context.state.asked).toBe(1)
})

test('sends an event when the call fails, with the very error', async () => {
  const failure = new Error('the model is out of tokens')
  const workflow = createWorkflow()
  addMopStep(workflow, {
    on: askEvent,
    llm: withMop(new ScriptedLLM(() => Promise.reject(failure)), mixture),
    ask: (data) => data.question,
    answer: (answer) => answerEvent.with(answer),
    failed: (error) => failedEvent.with(error),
  })
  const { sendEvent, stream } = workflow.createContext()
  sendEvent(askEvent.with({ question }))
  expect((await stream.until(failedEvent).toArray()).at(-1)?.data).toBe(failure)
})

test("the framework's own agent step takes a decorated model", async () => {
  const startEvent = agents.zodEvent(z.object({ question: z.string() }), { debugLabel: 'start' })
  const doneEvent = agents.zodEvent(z.object({ text: z.string() }), { debugLabel: 'done' })
  const inner: ScriptedLLM = new ScriptedLLM(() =>
    inner.calls.length === 1
      ? [{ id: '1', name: 'send_done', input: { eventData: { text: 'It was warm.' } } }]
      : 'Sent.',
  )
  // The copy of workflow-core that the agents use: events of two copies do not meet.
  const workflow = agents.createWorkflow()
  const llm = withMop(inner, mixture, { seed: 1 })
  workflow.handle([startEvent], agents.agentHandler({ llm, instructions: 'Answer.', results: [doneEvent] }))
  const { sendEvent, stream } = workflow.createContext()
  sendEvent(startEvent.with({ question }))
  expect((await stream.until(doneEvent).toArray()).at(-1)?.data).toEqual({ text: 'It was warm.' })
  expect(inner.calls[0]?.messages[0]?.content).toContain('Answer as this person would.')
})
