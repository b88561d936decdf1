import { Hono } from 'hono'
import type { PopulationSummary, Status } from '../../api-contract.ts'
import { ProblemError } from '../http/problem-error.ts'
import { readBody } from '../http/read-body.ts'
import { limits } from '../limits.ts'
import type { Population } from '../populations/population.ts'
import type { DemoParts } from './demo-parts.ts'

export function populationRoutes({ engine, populations, fits }: DemoParts): Hono {
  const summaryOf = (population: Population): PopulationSummary => {
    const { id, file, shipped, facts, hasMixture } = population
    const fit = fits.state(population)
    return {
      id,
      name: file.name,
      shipped: shipped !== undefined,
      ...facts,
      hasMixture,
      ...(fit !== undefined && { fit }),
    }
  }
  return new Hono()
    .get('/status', (context) => {
      const status: Status = {
        engine: engine.description,
        limits,
        populations: populations.list().map(summaryOf),
      }
      return context.json(status)
    })
    .post('/populations', async (context) => {
      const name = context.req.query('name')
      if (name === undefined || name.trim() === '') {
        throw new ProblemError(400, {
          message: 'The file has no name.',
          remedy: 'Give it in the address: /api/populations?name=people.csv',
          field: 'name',
        })
      }
      const bytes = await readBody(context, limits.uploadBytes)
      return context.json(summaryOf(await populations.add(name, bytes)), 201)
    })
    .delete('/populations/:id', async (context) => {
      await populations.remove(context.req.param('id'), (population) => fits.forget(population))
      return context.body(null, 204)
    })
}
