import { bar } from './bar.ts'
import { formatCount, formatDuration, formatRate } from './format-number.ts'
import type { Terminal } from './terminal.ts'
import { truncate } from './truncate.ts'

export interface ProgressStep {
  /** What is being done, e.g. `Scoring, round 2`. A new label begins a new step. */
  readonly label: string
  readonly done: number
  readonly total: number
}

export interface Progress extends Disposable {
  update(step: ProgressStep): void
  /** Ends the step under way. */
  finish(): void
}

export interface ProgressOptions {
  /** Milliseconds of a steady clock. */
  readonly now?: () => number
  /** Between two plain lines of one step, in a pipe. Default 10 s. */
  readonly plainEvery?: number
}

const redrawEvery = 100
const longestBar = 20
const shortestBar = 5

/** A bar with rate and time left on a terminal; in a pipe a plain line at the start, now and then, and at the end of each step. */
export function createProgress(terminal: Terminal, options: ProgressOptions = {}): Progress {
  const { now = () => performance.now(), plainEvery = 10_000 } = options
  let step: ProgressStep | undefined
  let startedAt = 0
  let startedFrom = 0
  let drawnAt = -Infinity

  const finish = (): void => {
    if (step === undefined) return
    const seconds = (now() - startedAt) / 1000
    const count = step.total > 1 ? `, ${formatCount(step.done)}` : ''
    terminal.live(undefined)
    terminal.note(`${step.label}${count} (${formatDuration(seconds)})`)
    step = undefined
  }

  return {
    update(next) {
      if (step?.label !== next.label) {
        finish()
        startedAt = now()
        startedFrom = next.done
        drawnAt = terminal.interactive ? -Infinity : startedAt
      }
      step = next
      const time = now()
      if (time - drawnAt < (terminal.interactive ? redrawEvery : plainEvery)) return
      drawnAt = time
      const seconds = (time - startedAt) / 1000
      const line = progressLine(next, { done: next.done - startedFrom, seconds }, terminal.width - 1)
      if (terminal.interactive) terminal.live(line)
      else terminal.note(line)
    },
    finish,
    [Symbol.dispose]() {
      terminal.live(undefined)
    },
  }
}

/**
 * @param run What was done since the step began, and in how many seconds.
 * @param width Columns it may take: the bar is as long as they allow, and then what is left is cut.
 */
export function progressLine(
  step: ProgressStep,
  run: { readonly done: number; readonly seconds: number },
  width: number,
): string {
  const share = step.total === 0 ? 1 : step.done / step.total
  const parts = [`${Math.floor(100 * share)}%`, `${formatCount(step.done)}/${formatCount(step.total)}`]
  const rate = run.seconds > 0 ? run.done / run.seconds : 0
  if (rate > 0 && run.seconds >= 1) {
    parts.push(formatRate(rate), `${formatDuration((step.total - step.done) / rate)} left`)
  }
  const columns = Math.min(longestBar, width - [step.label, ...parts].join('  ').length - 2)
  if (columns < shortestBar) return truncate([step.label, ...parts].join(' '), width)
  const drawn = bar(share, columns)
  return [step.label, drawn + '░'.repeat(columns - drawn.length), ...parts].join('  ')
}
