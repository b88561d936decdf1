import { readFile } from 'node:fs/promises'
import { answerDistribution, drawPrompt, saveMixture } from '@mop/core'
import { effectiveNumber } from '@mop/core/numeric'
import { Hono } from 'hono'
import type { DrawnPromptView, WeightedPair, Weights } from '../../api-contract.ts'
import { askQuestion } from '../ask/ask-question.ts'
import { eventStream } from '../http/event-stream.ts'
import { readJson } from '../http/read-json.ts'
import { mixtureSummary } from '../populations/mixture-summary.ts'
import type { AskEvent } from '../../api-contract.ts'
import type { DemoParts } from './demo-parts.ts'
import { askRequestSchema, promptRequestSchema, weightsRequestSchema } from './request-schemas.ts'

const componentsShown = 8

export function mixtureRoutes(parts: DemoParts): Hono {
  const { engine, populations, stopping, log } = parts
  return new Hono()
    .get('/populations/:id/mixture', async (context) => {
      const population = populations.get(context.req.param('id'))
      return context.json(mixtureSummary(await population.mixture()))
    })
    .get('/populations/:id/mixture.json', async (context) => {
      const population = populations.get(context.req.param('id'))
      const { bound, fullReport } = await population.mixture()
      const without = context.req.query('without') === 'texts'
      const text = without
        ? await saveMixture(bound.mixture, { exemplarTexts: 'omit', report: fullReport })
        : await readFile(population.mixtureFile, 'utf8')
      const name = without ? 'mixture-without-texts.json' : 'mixture.json'
      return context.body(text, 200, {
        'Content-Type': 'application/json; charset=utf-8',
        'Content-Disposition': `attachment; filename="${name}"`,
      })
    })
    .post('/populations/:id/weights', async (context) => {
      const population = populations.get(context.req.param('id'))
      const { input, given } = await readJson(context, weightsRequestSchema)
      const { bound } = await population.mixture()
      const { personas, exemplars } = bound.mixture
      const weights = await bound.personaWeights(input, { given })
      const top = await bound.top(input, componentsShown, { given })
      const body: Weights = {
        personas: Array.from(weights),
        effectivePersonas: effectiveNumber(weights),
        components: top.map(({ persona, exemplar, weight }): WeightedPair => {
          const example = exemplars[exemplar]
          return {
            persona: personas[persona]?.id ?? '',
            ...(example !== undefined && { exemplar: { input: example.input, output: example.output } }),
            weight,
          }
        }),
      }
      return context.json(body)
    })
    .post('/populations/:id/prompt', async (context) => {
      const population = populations.get(context.req.param('id'))
      const { input, given, seed } = await readJson(context, promptRequestSchema)
      const { bound } = await population.mixture()
      const { messages, report } = await drawPrompt(bound, [{ role: 'user', content: input }], {
        seed,
        given,
      })
      const body: DrawnPromptView = { messages, draw: report }
      return context.json(body)
    })
    .post('/populations/:id/ask', async (context) => {
      const population = populations.get(context.req.param('id'))
      const request = await readJson(context, askRequestSchema)
      const fitted = await population.mixture()
      // A group that the mixture does not know is a wrong field, not an answer that failed.
      await fitted.bound.personaWeights(request.input, { given: request.given })
      // So are choices that counting could not tell apart, such as Yes and Yes!
      if (request.choices !== undefined) answerDistribution(request.choices, { choices: request.choices })
      const options = { secrets: engine.secrets, stopping, log }
      return eventStream<AskEvent>(context, options, (send, signal) =>
        askQuestion({ population, fitted, engine, request, send, signal }),
      )
    })
}
