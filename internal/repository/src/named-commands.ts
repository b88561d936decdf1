import type { Document } from './document.ts'

export interface NamedCommand {
  readonly line: number
  readonly program: 'pnpm' | 'mop'
  /** The first word after the program that is no option: a script, a builtin or a subcommand. */
  readonly name: string
  /** Long options that follow it: `--output`. */
  readonly options: readonly string[]
}

/** Commands of pnpm itself that the documents may use. */
export const pnpmBuiltins: ReadonlySet<string> = new Set(['add', 'exec', 'install', 'pack', 'publish'])

const shells = new Set(['sh', 'bash', 'shell', 'console'])

/** `pnpm …` and `mop …` in inline code and in shell blocks, through `npx`, `pnpm exec` and pipes. */
export function namedCommands({ blocks, spans }: Document): readonly NamedCommand[] {
  const lines = blocks
    .filter(({ info }) => shells.has(info[0] ?? ''))
    .flatMap(({ line, code }) => joinContinuations(code, line))
  return [...spans, ...lines].flatMap(({ line, text }) =>
    text
      .replace(/(?:^|\s)#.*$/, '')
      .split(/\s*(?:\|\|?|&&|;)\s*/)
      .flatMap((command) => parseCommand(command.trim(), line) ?? []),
  )
}

function joinContinuations(code: string, line: number): readonly { line: number; text: string }[] {
  const joined: { line: number; text: string }[] = []
  let continued = false
  for (const [index, text] of code.split('\n').entries()) {
    const last = joined.at(-1)
    const piece = text.replace(/\\$/, '')
    if (continued && last !== undefined) last.text += ` ${piece.trim()}`
    else joined.push({ line: line + index, text: piece.replace(/^\$ /, '') })
    continued = text.endsWith('\\')
  }
  return joined
}

function parseCommand(command: string, line: number): NamedCommand | undefined {
  const words = command.split(/\s+/).filter((word) => !/^[A-Z_]+=/.test(word))
  if (words[0] === 'npx') {
    words.shift()
    while (words[0]?.startsWith('-')) words.shift()
  }
  const program = words.shift()?.replace(/@.*$/, '')
  const mop = program === 'mop' || (program === 'pnpm' && words[0] === 'mop')
  if (program === 'pnpm' && mop) words.shift()
  if (program !== 'pnpm' && !mop) return undefined
  while (!mop && (words[0]?.startsWith('-') || words[0] === 'run')) {
    const word = words.shift()
    if (word === '--filter' || word === '-F') words.shift()
  }
  if (!mop && words[0] === 'exec' && words[1] === 'mop') return parseCommand(words.slice(1).join(' '), line)
  const name = words.shift()
  if (name === undefined || !/^[a-z][a-z:-]*$/.test(name)) return undefined
  const options = words
    .filter((word) => word.startsWith('--') && word !== '--')
    .map((word) => word.replace(/=.*$/, ''))
  return { line, program: mop ? 'mop' : 'pnpm', name, options }
}
