import pMap from 'p-map'
import { InvalidArgumentError } from '../errors/invalid-argument-error.ts'
import type { GenerateRequest, Generation, TextGenerator } from './text-generator.ts'
import { addUsage, noUsage } from './usage.ts'

export interface AnswerGeneratorOptions {
  /** Names the model. */
  readonly id: string
  /** Gives one answer. */
  readonly answer: (
    request: GenerateRequest,
    options: { readonly signal: AbortSignal | undefined },
  ) => Promise<Generation>
  /** Answers under way at the same time, within one `generate`. Default 4. */
  readonly concurrency?: number | undefined
}

/**
 * A generator over a function that answers one request, such as a chat service. An abort is answered at once, also where `answer` takes
 * no signal. It does not retry: `simulate` does.
 * `generate` throws InvalidArgumentError for a temperature that is not finite and at least 0, before anything is asked. Errors of `answer`
 * travel.
 */
export function createAnswerGenerator({
  id,
  answer,
  concurrency = 4,
}: AnswerGeneratorOptions): TextGenerator {
  return {
    id,
    async generate(requests, { signal, onGeneration } = {}) {
      signal?.throwIfAborted()
      for (const { temperature } of requests) requireTemperature(temperature)
      const tell = async (request: GenerateRequest, index: number): Promise<Generation> => {
        const generation = await answer(request, { signal })
        onGeneration?.(index, generation)
        return generation
      }
      const generations = await pMap(requests, tell, {
        concurrency,
        ...(signal !== undefined && { signal }),
      })
      return { generations, usage: generations.reduce((sum, { usage }) => addUsage(sum, usage), noUsage) }
    },
  }
}

/** JSON would carry NaN as null, and a service take its default. */
function requireTemperature(temperature: number): void {
  if (temperature >= 0 && temperature < Infinity) return
  throw new InvalidArgumentError({
    argument: 'temperature',
    expected: 'finite and at least 0',
    found: temperature,
  })
}
