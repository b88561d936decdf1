import { Hono } from 'hono'
import { ownRequestsOnly } from './http/own-requests-only.ts'
import { ProblemError } from './http/problem-error.ts'
import { problemOf } from './http/problem-of.ts'
import { securityHeaders } from './http/security-headers.ts'
import { adapterRoutes } from './routes/adapter-routes.ts'
import type { DemoParts } from './routes/demo-parts.ts'
import { fitRoutes } from './routes/fit-routes.ts'
import { mixtureRoutes } from './routes/mixture-routes.ts'
import { pageRoutes } from './routes/page-routes.ts'
import { populationRoutes } from './routes/population-routes.ts'

export interface ApplicationOptions extends DemoParts {
  /** The address that the server listens on: under which names it may be asked. */
  readonly host: string
  /** Of the built page. */
  readonly page: string
}

/** The page and what it asks the server for. */
export function createApplication(options: ApplicationOptions): Hono {
  const { engine, log } = options
  const application = new Hono()
  application.onError((error, context) => {
    const { status, problem, internal } = problemOf(error, engine.secrets)
    if (internal) log(error)
    return context.json(problem, status)
  })
  application.notFound((context) => {
    const message = `There is nothing at ${context.req.method} ${context.req.path.slice(0, 200)}.`
    return context.json(problemOf(new ProblemError(404, { message }), engine.secrets).problem, 404)
  })
  application.use(securityHeaders)
  application.use(ownRequestsOnly(options.host))
  for (const routes of [populationRoutes, mixtureRoutes, fitRoutes, adapterRoutes]) {
    application.route('/api', routes(options))
  }
  application.all('/api/*', (context) => context.notFound())
  application.route('/', pageRoutes(options.page))
  return application
}
