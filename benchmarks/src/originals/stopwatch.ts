export interface Elapsed {
  /** Wall time. */
  readonly seconds: number
  /** Processor time of this process, all threads, in seconds. */
  readonly processor: number
}

/** Starts now; each call says what has passed since. */
export function stopwatch(): () => Elapsed {
  const start = performance.now()
  const before = process.cpuUsage()
  return () => {
    const { user, system } = process.cpuUsage(before)
    return { seconds: (performance.now() - start) / 1000, processor: (user + system) / 1e6 }
  }
}
