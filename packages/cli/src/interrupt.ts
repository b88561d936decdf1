/** Ctrl-C as a signal: the first one aborts and lets the work be kept, the second one ends the process at once. */
export interface Interrupt extends Disposable {
  readonly signal: AbortSignal
}

export function listenForInterrupt(options: {
  readonly process: Pick<NodeJS.Process, 'on' | 'off' | 'exit'>
  readonly onFirst: () => void
  /** With which the second one ends the process. */
  readonly exitCode: number
}): Interrupt {
  const controller = new AbortController()
  const listen = (): void => {
    if (controller.signal.aborted) {
      options.process.exit(options.exitCode)
      return
    }
    options.onFirst()
    controller.abort(new DOMException('Interrupted.', 'AbortError'))
  }
  const signals = ['SIGINT', 'SIGTERM'] as const
  for (const name of signals) options.process.on(name, listen)
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      for (const name of signals) options.process.off(name, listen)
    },
  }
}
