import { availableParallelism } from 'node:os'

const smallModelBytes = 64 * 2 ** 20

/** One thread below 64 MB: more gain little there, and on a shared machine they wait for each other. Else the cores, at most 8. */
export function defaultThreads(modelBytes: number): number {
  return modelBytes < smallModelBytes ? 1 : Math.min(8, availableParallelism())
}
