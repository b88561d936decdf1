/**
 * What an adapter adds to one call, without encoder and model: K = 100, J = 1,000, d = 128, d′ = 384, an instant fake model and a
 * cached embedding. Prints p50 and p99 in milliseconds, beside the framework's own call without the adapter.
 */
import { AIMessage, HumanMessage } from '@langchain/core/messages'
import { FakeListChatModel } from '@langchain/core/utils/testing'
import { bindEncoder, drawPrompt } from '@mop/core'
import { exampleMixture, fakeEncoder } from '@mop/core/testing'
import { MixtureOfPersonas, mixtureOfPersonasPrompt } from '@mop/langchain'
import { mixtureOfPersonasMiddleware } from '@mop/langchain/middleware'
import { createAgent, createMiddleware, fakeModel } from 'langchain'
import * as z from 'zod'

const dimension = 384
const mixture = bindEncoder(
  exampleMixture({ personas: 100, exemplars: 1000, rank: 128, dimension }),
  fakeEncoder({ dimension }),
)
const question = 'How was the soup?'

/** Runs the cases in turn, so that what else the machine does falls on all of them. */
async function measure(
  calls: number,
  cases: Readonly<Record<string, () => Promise<unknown>>>,
): Promise<void> {
  const times = new Map<string, number[]>(Object.keys(cases).map((name) => [name, []]))
  for (let n = -calls / 2; n < calls; n += 1) {
    for (const [name, work] of Object.entries(cases)) {
      const start = performance.now()
      await work()
      if (n >= 0) times.get(name)?.push(performance.now() - start)
    }
  }
  for (const [name, list] of times) {
    list.sort((a, b) => a - b)
    const at = (share: number): string => (list[Math.floor(share * list.length)] as number).toFixed(3)
    process.stdout.write(`${name.padEnd(44)} p50 ${at(0.5)} ms  p99 ${at(0.99)} ms\n`)
  }
}

await measure(2000, {
  "core's drawPrompt alone": () => drawPrompt(mixture, [{ role: 'user', content: question }]),
})

// LangChain
{
  const model = new FakeListChatModel({ responses: ['It was warm.'] })
  const person = new MixtureOfPersonas({ model, mixture })
  const prompt = mixtureOfPersonasPrompt({ mixture })
  await measure(2000, {
    'LangChain: model.invoke': () => model.invoke(question),
    'LangChain: MixtureOfPersonas.invoke': () => person.invoke(question),
    'LangChain: mixtureOfPersonasPrompt.invoke': () => prompt.invoke(question),
  })
  const messages = [new HumanMessage(question)]
  const answers = fakeModel()
  for (let n = 0; n < 1500; n += 1) answers.respond(new AIMessage('Warm.'))
  const bare = createAgent({ model: answers, tools: [] })
  const drawing = createAgent({
    model: answers,
    tools: [],
    middleware: [mixtureOfPersonasMiddleware({ mixture })],
  })
  const idle = createAgent({
    model: answers,
    tools: [],
    middleware: [
      createMiddleware({
        name: 'idle',
        stateSchema: z.object({ _mop: z.object({ seed: z.number() }).optional() }),
        beforeAgent: () => ({ _mop: { seed: 1 } }),
        wrapModelCall: (request, handler) => handler(request),
      }),
    ],
  })
  await measure(300, {
    'LangChain: agent, one step': () => bare.invoke({ messages }),
    'LangChain: agent with an idle middleware': () => idle.invoke({ messages }),
    'LangChain: agent with the middleware': () => drawing.invoke({ messages }),
  })
}
