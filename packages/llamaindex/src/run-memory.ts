import type { ChatMessage } from '@llamaindex/core/llms'
import type { Draw } from '@mop/core'
import { isFromUser } from './place-prompt.ts'

/** What the calls of one run have in common. */
export interface Run {
  readonly draw: Draw
  readonly seed: number | string
}

/**
 * Recognises the later calls of an agent's run. The framework copies messages between its steps, and ids of tool calls
 * repeat where a model counts them; but the arguments of a tool call stay the object that the model's answer held, so
 * that object, made for this run alone, is the key. It leads to the run for as long as a history holds it, and no longer.
 */
export class RunMemory {
  readonly #runs = new WeakMap<object, Run>()

  /** The run of the tools called since the user's last message; none before the first. */
  recall(messages: readonly ChatMessage[]): Run | undefined {
    for (const message of messages.toReversed()) {
      if (isFromUser(message)) return undefined
      for (const part of partsOf(message.options)) {
        const run = this.#runs.get(part)
        if (run !== undefined) return run
      }
    }
    return undefined
  }

  /** The options of an answer with tool calls that belong to this run alone, by which `recall` knows it. */
  mark<Options extends object>(run: Run, options: Options): Options {
    const marked = { ...options, ...('toolCall' in options && { toolCall: ownCalls(options.toolCall) }) }
    for (const part of partsOf(marked)) this.#runs.set(part, run)
    return marked
  }
}

/** The tool calls of a message, and their arguments. */
function partsOf(options: object | undefined): readonly object[] {
  if (options === undefined || !('toolCall' in options) || !Array.isArray(options.toolCall)) return []
  const calls: readonly unknown[] = options.toolCall
  return calls.flatMap((call) => (isObject(call) ? [call, call['input']] : [])).filter(isObject)
}

/** Copies: a model may give the same objects to two runs. */
function ownCalls(calls: unknown): unknown {
  if (!Array.isArray(calls)) return calls
  return calls.map((call: unknown) => (isObject(call) ? { ...call, input: ownInput(call['input']) } : call))
}

/** Complete arguments as an object, since agents would parse a text into one of their own. A piece of a text stays one. */
function ownInput(input: unknown): unknown {
  if (isObject(input)) return { ...input }
  if (typeof input !== 'string') return input
  if (input.trim() === '') return {}
  try {
    const parsed: unknown = JSON.parse(input)
    return isObject(parsed) ? parsed : input
  } catch {
    return input
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
