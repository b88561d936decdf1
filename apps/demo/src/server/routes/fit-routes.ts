import { Hono } from 'hono'
import { fitRequestSchema } from '../fits/fit-request-schema.ts'
import { ProblemError } from '../http/problem-error.ts'
import { readJson } from '../http/read-json.ts'
import type { DemoParts } from './demo-parts.ts'

export function fitRoutes({ populations, fits }: DemoParts): Hono {
  return new Hono()
    .post('/populations/:id/fit', async (context) => {
      const population = populations.get(context.req.param('id'))
      const request = await readJson(context, fitRequestSchema)
      return context.json(await fits.start(population, request), 202)
    })
    .get('/populations/:id/fit', (context) => {
      const state = fits.state(populations.get(context.req.param('id')))
      if (state !== undefined) return context.json(state)
      throw new ProblemError(404, {
        message: 'Nothing was fitted on these records yet.',
        remedy: 'Start a fit.',
      })
    })
    .post('/populations/:id/fit/cancel', async (context) =>
      context.json(await fits.cancel(populations.get(context.req.param('id')))),
    )
}
