import type { Terminal } from '../output/terminal.ts'

export interface FakeTerminal extends Terminal {
  readonly printed: string[]
  readonly notes: string[]
  readonly lines: (string | undefined)[]
}

/** A terminal that keeps what it is told. */
export function fakeTerminal(options: { width?: number; interactive?: boolean } = {}): FakeTerminal {
  const printed: string[] = []
  const notes: string[] = []
  const lines: (string | undefined)[] = []
  return {
    width: options.width ?? 80,
    interactive: options.interactive ?? false,
    printed,
    notes,
    lines,
    print: (text = '') => void printed.push(text),
    note: (text) => void notes.push(text),
    json: () => undefined,
    style: (_style, text) => text,
    styleNote: (_style, text) => text,
    live: (text) => void lines.push(text),
  }
}
