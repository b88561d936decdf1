import type { Context } from 'hono'
import type { EndEvent } from '../../api-contract.ts'
import { problemOf } from './problem-of.ts'

interface StreamOptions {
  readonly secrets: readonly string[]
  /** Of the server: it ends streams as well. */
  readonly stopping: AbortSignal
  readonly log: (error: unknown) => void
}

/**
 * Events as lines of JSON, each sent the moment it exists, then how it ended. What makes them is aborted when the client goes
 * away.
 */
export function eventStream<Event>(
  context: Context,
  { secrets, stopping, log }: StreamOptions,
  produce: (send: (event: Event) => void, signal: AbortSignal) => Promise<void>,
): Response {
  const gone = new AbortController()
  const signal = AbortSignal.any([gone.signal, context.req.raw.signal, stopping])
  const encoder = new TextEncoder()
  const start = performance.now()
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      const send = (event: Event | EndEvent): void => {
        if (!signal.aborted) controller.enqueue(encoder.encode(`${JSON.stringify(event)}\n`))
      }
      try {
        await produce(send, signal)
        send({ type: 'done', seconds: (performance.now() - start) / 1000 })
      } catch (error) {
        if (!signal.aborted) {
          const { problem, internal } = problemOf(error, secrets)
          if (internal) log(error)
          send({ type: 'failed', problem })
        }
      }
      try {
        controller.close()
      } catch {
        // The client has closed it.
      }
    },
    cancel: (reason) => gone.abort(reason),
  })
  return context.body(body, 200, { 'Content-Type': 'application/x-ndjson; charset=utf-8' })
}
