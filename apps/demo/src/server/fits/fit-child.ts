import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { FitCommand, FitMessage } from './fit-messages.ts'

const module = fileURLToPath(new URL('./fit-process.ts', import.meta.url))
const patienceMilliseconds = 3000

/** The process in which a fit runs, so that the server stays free for others. It knows no key. */
export class FitChild {
  readonly #process: ChildProcess
  /** When the process is gone and its last word was heard. */
  readonly ended: Promise<void>
  /** Whether it was told to end. */
  asked = false
  howItEnded = ''

  constructor(onMessage: (message: FitMessage) => void) {
    this.#process = fork(module, {
      execArgv: [],
      env: Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('OPENAI_'))),
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    this.#process.on('message', (message) => onMessage(message as FitMessage))
    this.ended = new Promise((resolve) => {
      this.#process.on('error', ({ message }) => {
        this.howItEnded = message
        if (this.#process.pid === undefined) resolve()
      })
      this.#process.once('exit', (code, signal) => {
        this.howItEnded = signal ?? `exit code ${code}`
        // What it said before is still read from the channel.
        if (this.#process.connected) this.#process.once('disconnect', resolve)
        else resolve()
      })
    })
  }

  send(command: FitCommand): void {
    if (this.#process.connected) this.#process.send(command)
  }

  /** Asks it to end, and ends it where it is inside a phase that hears nothing. */
  cancel(): void {
    this.asked = true
    this.send({ type: 'cancel' })
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), patienceMilliseconds)
    void this.ended.then(() => clearTimeout(timer))
  }

  kill(): void {
    this.asked = true
    this.#process.kill('SIGKILL')
  }
}
