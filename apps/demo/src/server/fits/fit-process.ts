import { TextTooLongError } from '@mop/core'
import { openLocal } from '@mop/local'
import { writeAtomically } from '../files/write-atomically.ts'
import { problemOf } from '../http/problem-of.ts'
import { readRecordFile } from '../populations/record-file.ts'
import { societyPersonas } from '../populations/society.ts'
import type { FitCommand, FitMessage } from './fit-messages.ts'
import { runFit } from './run-fit.ts'

const stop = new AbortController()
const mostMessagesPerSecond = 10

process.on('message', (command: FitCommand) => {
  if (command.type === 'cancel') stop.abort()
  else void perform(command)
})
// Without a server there is nobody to fit for. Every likelihood so far is in the table.
process.on('disconnect', () => process.exit(1))
process.on('SIGINT', () => stop.abort())

async function perform(command: FitCommand & { type: 'start' }): Promise<void> {
  const end = await fitAndSave(command).catch((error: unknown): FitMessage => {
    if (stop.signal.aborted) return { type: 'cancelled' }
    const { problem, internal } = problemOf(error, [])
    if (internal) console.error(error)
    return { type: 'failed', problem }
  })
  send(end, () => process.exit(0))
}

async function fitAndSave(command: FitCommand & { type: 'start' }): Promise<FitMessage> {
  const { request, table } = command
  const { records, placeOf } = await readRecordFile(command.file)
  await using local = await openLocal()
  let sent = -Infinity
  let label = ''
  const fitted = await runFit({
    records,
    request,
    table,
    personas: request.personas === 'given' ? await societyPersonas() : [],
    scorer: local.scorer,
    signal: stop.signal,
    onProgress: (step) => {
      const now = performance.now()
      if (step.label === label && step.done < step.total && now - sent < 1000 / mostMessagesPerSecond) return
      sent = now
      label = step.label
      send({ type: 'progress', step })
    },
  }).catch((error: unknown) => {
    throw TextTooLongError.isInstance(error) ? error.with({ placeOf }) : error
  })
  stop.signal.throwIfAborted()
  await writeAtomically(command.output, fitted.text)
  return { type: 'done', likelihoods: fitted.likelihoods }
}

function send(message: FitMessage, sent?: () => void): void {
  process.send?.(message, undefined, undefined, () => sent?.())
}
