import { type BaseMessage, isBaseMessage } from '@langchain/core/messages'
import type { DrawReport } from '@mop/core'

/**
 * The same output with the draw in `response_metadata.mop`: of the message, of `raw` beside a parsed output, or of the first of an agent
 * step's messages. Another output has no place for it and stays as it is. Messages are copied, since a cache may hold them.
 */
export function withDraw<Output>(output: Output, report: DrawReport): Output {
  if (typeof output !== 'object' || output === null) return output
  if (isMessage(output)) {
    const response_metadata = { ...output.response_metadata, mop: report }
    const copy: Output = Object.create(Object.getPrototypeOf(output))
    return Object.assign(copy as Output & object, output, {
      response_metadata,
      lc_kwargs: { ...output.lc_kwargs, response_metadata },
    })
  }
  if ('raw' in output && isMessage(output.raw)) return { ...output, raw: withDraw(output.raw, report) }
  if ('messages' in output && Array.isArray(output.messages)) {
    const [first, ...others] = output.messages as readonly unknown[]
    return { ...output, messages: [withDraw(first, report), ...others] }
  }
  return output
}

function isMessage(value: unknown): value is BaseMessage {
  return typeof value === 'object' && value !== null && isBaseMessage(value as BaseMessage)
}
