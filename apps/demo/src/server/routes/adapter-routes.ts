import { Hono } from 'hono'
import { type AdapterEvent, type Framework, frameworks } from '../../api-contract.ts'
import { answer as answerWithAiSdk } from '../../adapters/ai-sdk.ts'
import type { AdapterCall } from '../../adapters/adapter-call.ts'
import { answer as answerWithLangChain } from '../../adapters/langchain.ts'
import { answer as answerWithLlamaIndex } from '../../adapters/llamaindex.ts'
import type { DrawReport } from '@mop/core'
import { eventStream } from '../http/event-stream.ts'
import { ProblemError } from '../http/problem-error.ts'
import { readJson } from '../http/read-json.ts'
import { adapterSource } from './adapter-source.ts'
import type { DemoParts } from './demo-parts.ts'
import { adapterRequestSchema } from './request-schemas.ts'

type Answer = (call: AdapterCall) => AsyncGenerator<string, DrawReport>

const answers: Readonly<Record<Framework, Answer>> = {
  langchain: answerWithLangChain,
  'ai-sdk': answerWithAiSdk,
  llamaindex: answerWithLlamaIndex,
}

export function adapterRoutes({ engine, populations, stopping, log }: DemoParts): Hono {
  return new Hono()
    .get('/adapters/:framework/source', async (context) =>
      context.json(await adapterSource(frameworkOf(context.req.param('framework')))),
    )
    .post('/adapters/:framework/run', async (context) => {
      const answer = answers[frameworkOf(context.req.param('framework'))]
      const { population, input, seed, given } = await readJson(context, adapterRequestSchema)
      const { bound } = await populations.get(population).mixture()
      await bound.personaWeights(input, { given })
      const call = { mixture: bound, ...engine.endpoint, question: input, seed, ...(given && { given }) }
      const options = { secrets: engine.secrets, stopping, log }
      return eventStream<AdapterEvent>(context, options, async (send, signal) => {
        const pieces = answer({ ...call, signal })
        let text = ''
        for (;;) {
          const { value, done } = await pieces.next()
          if (done === true) {
            const [persona = ''] = value.personas
            send({ type: 'answered', text, draw: value, persona })
            return
          }
          if (value === '') continue
          text += value
          send({ type: 'piece', text: value })
        }
      })
    })
}

function frameworkOf(name: string): Framework {
  const known = frameworks.find((framework) => framework === name)
  if (known !== undefined) return known
  throw new ProblemError(404, {
    message: `There is no adapter ${JSON.stringify(name.slice(0, 40))} here.`,
    remedy: `Take one of ${frameworks.join(', ')}.`,
  })
}
