/** Runs tasks one at a time, in the order they were asked for. An aborted task that still waits leaves the queue. */
export class ExclusiveQueue {
  #tail: Promise<unknown> = Promise.resolve()

  async run<T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted()
    const before = this.#tail
    const { promise: done, resolve: release } = Promise.withResolvers<void>()
    this.#tail = before.then(() => done)
    try {
      await before
      signal?.throwIfAborted()
      return await task()
    } finally {
      release()
    }
  }
}
