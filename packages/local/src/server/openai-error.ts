import { MopError, RequestTooLongError } from '@mop/core'
import { ChatTemplateError } from '../errors/chat-template-error.ts'

/** An error as OpenAI's clients know it: HTTP status and `{ error: { message, type, param, code } }`. */
export class OpenAiError extends MopError {
  readonly status: 400 | 403 | 404 | 405 | 413 | 415 | 500
  readonly parameter: string | null
  readonly openAiCode: string | null

  constructor(options: {
    status: OpenAiError['status']
    message: string
    parameter?: string
    code?: string
    cause?: unknown
  }) {
    super({ code: `local.http-${options.status}`, message: options.message, cause: options.cause })
    this.status = options.status
    this.parameter = options.parameter ?? null
    this.openAiCode = options.code ?? null
  }

  get body(): { error: { message: string; type: string; param: string | null; code: string | null } } {
    const type = this.status === 500 ? 'server_error' : 'invalid_request_error'
    return { error: { message: this.message, type, param: this.parameter, code: this.openAiCode } }
  }
}

/** The response for whatever a route threw. */
export function asOpenAiError(error: unknown): OpenAiError {
  if (error instanceof OpenAiError) return error
  const message = error instanceof Error ? error.message : String(error)
  if (RequestTooLongError.isInstance(error)) {
    return new OpenAiError({
      status: 400,
      message,
      parameter: 'messages',
      code: 'context_length_exceeded',
      cause: error,
    })
  }
  if (error instanceof ChatTemplateError) {
    return new OpenAiError({ status: 400, message, parameter: 'messages', cause: error })
  }
  return new OpenAiError({ status: 500, message, cause: error })
}
