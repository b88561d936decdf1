import { styleText } from 'node:util'

export type Style = Parameters<typeof styleText>[0]

/** Where a command writes: results on standard output, everything else on standard error. */
export interface Terminal {
  /** Columns to fill. */
  readonly width: number
  /** Someone may be watching: standard error is a terminal. */
  readonly interactive: boolean
  /** A line (or several) of the result. Not with `--json`. */
  print(text?: string): void
  /** A line about what is going on, on standard error. */
  note(text: string): void
  /** The one document of a `--json` run. */
  json(value: unknown): void
  /** Colour where the stream of results takes it. */
  style(style: Style, text: string): string
  /** Colour where standard error takes it. */
  styleNote(style: Style, text: string): string
  /** Shows one line that is drawn over again; undefined takes it away. Nothing where not interactive. */
  live(text: string | undefined): void
}

export interface TerminalStreams {
  readonly out: NodeJS.WriteStream
  readonly err: NodeJS.WriteStream
  readonly environment: NodeJS.ProcessEnv
}

const defaultWidth = 80

type LiveLine = { (text: string): void; clear(): void }

export async function createTerminal(options: {
  json: boolean
  streams: TerminalStreams
}): Promise<Terminal> {
  const { out, err, environment } = options.streams
  const interactive = err.isTTY === true
  const liveLine: LiveLine | undefined = interactive
    ? (await import('log-update')).createLogUpdate(err)
    : undefined
  let shown: string | undefined
  const styleFor =
    (stream: NodeJS.WriteStream) =>
    (style: Style, text: string): string =>
      styleText(style, text, { stream })
  return {
    get width() {
      const asked = Number(environment['COLUMNS'])
      return out.columns ?? err.columns ?? (Number.isInteger(asked) && asked > 0 ? asked : defaultWidth)
    },
    interactive,
    print(text = '') {
      if (options.json) return
      liveLine?.clear()
      out.write(`${text}\n`)
      if (shown !== undefined) liveLine?.(shown)
    },
    note(text) {
      liveLine?.clear()
      err.write(`${text}\n`)
      if (shown !== undefined) liveLine?.(shown)
    },
    json(value) {
      if (options.json) out.write(`${JSON.stringify(value, plainArrays, 2)}\n`)
    },
    style: styleFor(out),
    styleNote: styleFor(err),
    live(text) {
      if (liveLine === undefined || text === shown) return
      shown = text
      if (text === undefined) liveLine.clear()
      else liveLine(text)
    },
  }
}

/** Typed arrays as lists of numbers. */
function plainArrays(_name: string, value: unknown): unknown {
  return ArrayBuffer.isView(value) && !(value instanceof DataView) ? Array.from(value as Float64Array) : value
}
