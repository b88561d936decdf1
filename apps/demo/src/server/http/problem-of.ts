import {
  InvalidArgumentError,
  MopError,
  type RecordError,
  type RecordPlace,
  RequestTooLongError,
  TextTooLongError,
} from '@mop/core'
import type { Problem } from '../../api-contract.ts'
import { ProblemError, type ProblemStatus } from './problem-error.ts'
import { redact } from './redact.ts'

export interface FoundProblem {
  readonly status: ProblemStatus
  readonly problem: Problem
  /** Whether it is ours: nothing that the person did. */
  readonly internal: boolean
}

/** What to tell of an error: nothing of the server's insides, and no secret even where another service repeats it. */
export function problemOf(error: unknown, secrets: readonly string[]): FoundProblem {
  const { status, problem, internal } = classify(error)
  const { message, remedy, ...place } = problem
  return {
    status,
    internal,
    problem: {
      ...place,
      message: redact(message, secrets),
      ...(remedy !== undefined && { remedy: redact(remedy, secrets) }),
    },
  }
}

function classify(error: unknown): FoundProblem {
  if (error instanceof ProblemError) return { status: error.status, problem: error.problem, internal: false }
  if (isRecordError(error)) {
    const { place, field } = error
    return { status: 422, problem: { ...wordsOf(error), ...whereIs(place, field) }, internal: false }
  }
  if (TextTooLongError.isInstance(error)) {
    const [text] = error.texts
    const where = whereIs(text?.place ?? {}, text?.field)
    return { status: 422, problem: { ...wordsOf(error), ...where }, internal: false }
  }
  if (RequestTooLongError.isInstance(error)) {
    return { status: 422, problem: wordsOf(error), internal: false }
  }
  if (error instanceof InvalidArgumentError) {
    return { status: 400, problem: { ...wordsOf(error), field: error.argument }, internal: false }
  }
  const storage = storageProblem(error)
  if (storage !== undefined) return { status: 500, problem: storage, internal: true }
  const upstream = upstreamProblem(error)
  if (upstream !== undefined) return { status: 502, problem: upstream, internal: false }
  if (MopError.isInstance(error)) return { status: 500, problem: wordsOf(error), internal: true }
  return {
    status: 500,
    problem: {
      message: 'Something went wrong inside the server.',
      remedy: 'Try again; what happened stands in the log of the server.',
    },
    internal: true,
  }
}

/** The message of a MopError carries its remedy at the end. */
function wordsOf({ message, remedy }: MopError): Problem {
  if (remedy === undefined) return { message }
  return { message: message.endsWith(` ${remedy}`) ? message.slice(0, -remedy.length - 1) : message, remedy }
}

function whereIs({ line, row }: RecordPlace, field: string | undefined): Pick<Problem, 'line' | 'field'> {
  const at = line ?? row
  return { ...(at !== undefined && { line: at }), ...(field !== undefined && { field }) }
}

function isRecordError(error: unknown): error is RecordError {
  return MopError.isInstance(error) && error.code.startsWith('record-') && 'place' in error
}

const storageFailures: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of the disk is used up',
  EROFS: 'the disk cannot be written',
  EACCES: 'it may not be read or written',
  EPERM: 'it may not be read or written',
  ENOENT: 'a file or folder is gone',
  ENOTDIR: 'a file lies where a folder should be',
  EISDIR: 'a folder lies where a file should be',
  EIO: 'the disk fails',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open',
}

/** The folder of the populations cannot be used. Its path is for the log alone. */
function storageProblem(error: unknown): Problem | undefined {
  if (!(error instanceof Error)) return undefined
  const code: unknown = Reflect.get(error, 'code')
  const reason =
    typeof code === 'string' && Object.hasOwn(storageFailures, code) ? storageFailures[code] : undefined
  if (reason === undefined || Reflect.get(error, 'syscall') === 'connect') return undefined
  return {
    message: `The folder of the populations cannot be used (${reason}).`,
    remedy: 'Check MOP_DEMO_FOLDER; what happened stands in the log of the server.',
  }
}

/** An answer of the language model's service that is none, or a broken connection to it. */
function upstreamProblem(error: unknown): Problem | undefined {
  if (!(error instanceof Error)) return undefined
  // The AI SDK's error of several attempts.
  const last: unknown = Reflect.get(error, 'lastError')
  if (last instanceof Error) return upstreamProblem(last)
  const status: unknown = Reflect.get(error, 'status') ?? Reflect.get(error, 'statusCode')
  if (typeof status === 'number') {
    return {
      message: `The language model's service answered with status ${status}: ${error.message}`,
      remedy: remedyFor(status),
    }
  }
  const reason = connectionFailure(error)
  if (reason !== undefined) {
    return {
      message: `The language model's service cannot be reached (${reason}).`,
      remedy: 'Check OPENAI_BASE_URL, and that the service runs.',
    }
  }
  if (!answersOfNoUse.has(error.name) && error.message !== noAnswer) return undefined
  return {
    message: "The language model's service gave nothing that is an answer.",
    remedy: 'Check that OPENAI_BASE_URL is where it speaks the protocol of OpenAI: often that ends in /v1.',
  }
}

/** As the adapters of this page say it. */
const noAnswer = 'The model gave no answer.'
const answersOfNoUse = new Set([
  'AI_EmptyResponseBodyError',
  'AI_InvalidResponseDataError',
  'AI_JSONParseError',
  'AI_NoOutputGeneratedError',
  'AI_TypeValidationError',
])

function remedyFor(status: number): string {
  if (status === 401 || status === 403) return 'Check OPENAI_API_KEY, and start the server again.'
  if (status === 404) return 'Check OPENAI_BASE_URL and OPENAI_MODEL, and start the server again.'
  if (status === 429) return 'The service asks for a pause: try again later, with fewer answers.'
  if (status < 400) {
    return 'Check that OPENAI_BASE_URL is where it speaks the protocol of OpenAI: often that ends in /v1.'
  }
  return status >= 500 ? 'Try again later.' : 'The service does not take this request: another model may.'
}

const connectionCodes = /^(E(?!RR_)[A-Z_]+|UND_ERR\w*|ERR_(TLS|SSL)\w*|\w*_CERT\w*|CERT_\w+|UNABLE_TO_\w+)$/

function connectionFailure(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  const code: unknown = Reflect.get(error, 'code')
  if (typeof code === 'string' && connectionCodes.test(code)) return code
  const deeper = connectionFailure(error.cause)
  if (deeper !== undefined) return deeper
  // What `fetch` says of a port that it never asks, for one.
  if (error.message === 'fetch failed')
    return error.cause instanceof Error ? error.cause.message : 'no connection'
  // Without a status, or it would have been told of above.
  if (error.name === 'AI_APICallError') return error.message.replace(/^Cannot connect to API: /, '')
  return error.constructor.name === 'APIConnectionError' ? 'no connection' : undefined
}
