import type { DrawReport } from '@mop/core'

/**
 * The draw behind an answer of a decorated model: of a chat response, each chunk of a stream or each `agentStreamEvent`'s
 * data (in `raw.mop`), or a message in a history (in `options.mop`). Undefined where there is none.
 */
export function drawReport(answer: {
  readonly raw?: unknown
  readonly options?: unknown
}): DrawReport | undefined {
  for (const place of [answer.raw, answer.options]) {
    if (typeof place === 'object' && place !== null && 'mop' in place) return place.mop as DrawReport
  }
  return undefined
}

/** A copy of what the provider answered, of the same class, with the report: the provider's own object may be shared. */
export function withReport(raw: object | null, report: DrawReport): object {
  const copy: object = Object.create(raw === null ? Object.prototype : Object.getPrototypeOf(raw))
  return Object.assign(copy, raw, { mop: report })
}
