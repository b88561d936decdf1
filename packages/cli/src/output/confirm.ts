import { createInterface } from 'node:readline/promises'
import type { Terminal } from './terminal.ts'

/** Asks a person at the terminal; yes where nobody is there to ask. */
export async function confirm(terminal: Terminal, question: string, signal: AbortSignal): Promise<boolean> {
  if (!terminal.interactive || process.stdin.isTTY !== true) return true
  const prompt = createInterface({ input: process.stdin, output: process.stderr })
  prompt.on('SIGINT', () => process.kill(process.pid, 'SIGINT'))
  try {
    const answer = await prompt.question(`${question} [Y/n] `, { signal })
    return !/^\s*n/i.test(answer)
  } finally {
    prompt.close()
  }
}
