import pMap from 'p-map'
import pRetry from 'p-retry'
import { ContractViolationError } from '../errors/contract-violation-error.ts'
import { InvalidArgumentError } from '../errors/invalid-argument-error.ts'
import { isTransient } from '../errors/is-transient.ts'
import { RequestTooLongError } from '../errors/request-too-long-error.ts'
import type { GenerateRequest, Generation, TextGenerator } from './text-generator.ts'

export interface GenerateEachOptions {
  /** Requests under way at once, in calls of `batchSize`. Default 4. */
  readonly concurrency?: number | undefined
  /** Neighbouring requests handed to the generator in one call. Default 16. */
  readonly batchSize?: number | undefined
  /** Times a failed call is tried again, with exponential backoff, without what it had answered. Default 5. */
  readonly retries?: number | undefined
  readonly signal?: AbortSignal | undefined
  /** Called once for each request, the moment it is answered, in any order; what was paid for is to be kept here. */
  readonly onGeneration?: ((index: number, generation: Generation) => void) | undefined
}

/**
 * Has a generator answer many requests: in calls of a size that it can reuse prefixes in, several at once, tried again where the failure
 * may pass.
 * @returns one generation for each request, in their order.
 * @throws RequestTooLongError with the position among all requests; ContractViolationError where the generator leaves one out.
 */
export async function generateEach(
  generator: TextGenerator,
  requests: readonly GenerateRequest[],
  options: GenerateEachOptions = {},
): Promise<Generation[]> {
  const { concurrency = 4, batchSize = 16, retries = 5, signal, onGeneration } = options
  if (!Number.isInteger(batchSize) || batchSize < 1) {
    throw new InvalidArgumentError({ argument: 'batchSize', expected: 'an integer ≥ 1', found: batchSize })
  }
  const cancel = signal === undefined ? {} : { signal }
  const generations = new Map<number, Generation>()
  const answer = async (batch: readonly number[]): Promise<void> => {
    const left = batch.filter((index) => !generations.has(index))
    const keep = (position: number, generation: Generation): void => {
      const index = left[position]
      if (index === undefined || generations.has(index)) return
      generations.set(index, generation)
      onGeneration?.(index, generation)
    }
    const result = await generator
      .generate(
        left.map((index) => requests[index] as GenerateRequest),
        { ...cancel, onGeneration: keep },
      )
      .catch((error: unknown) => {
        throw amongAll(error, left)
      })
    for (const [position, generation] of result.generations.entries()) keep(position, generation)
    const answered = left.filter((index) => generations.has(index)).length
    if (answered < left.length) {
      throw new ContractViolationError({
        law: `A generator answers every request (${generator.id})`,
        found: `${answered} generations for ${left.length} requests`,
      })
    }
  }
  const batches: number[][] = []
  for (let start = 0; start < requests.length; start += batchSize) {
    const size = Math.min(batchSize, requests.length - start)
    batches.push(Array.from({ length: size }, (_, position) => start + position))
  }
  await pMap(
    batches,
    (batch) =>
      pRetry(() => answer(batch), {
        retries,
        randomize: true,
        shouldRetry: ({ error }) => isTransient(error),
        ...cancel,
      }),
    { concurrency, ...cancel },
  )
  return requests.map((_, index) => generations.get(index) as Generation)
}

/** The error of a request that is too long with its position among all; any other error as it is. */
function amongAll(error: unknown, indices: readonly number[]): unknown {
  if (!RequestTooLongError.isInstance(error)) return error
  const { tokens, limit, remedy, requestIndex } = error
  return new RequestTooLongError({
    requestIndex: indices[requestIndex] ?? requestIndex,
    tokens,
    limit,
    ...(remedy !== undefined && { remedy }),
  })
}
