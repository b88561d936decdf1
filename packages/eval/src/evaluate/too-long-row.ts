import { RequestTooLongError, TextTooLongError } from '@mop/core'
import type { ArmRow } from './arm-row.ts'

const longestNamed = 60

/** The error of a request that is too long as one of its row, by the beginning of what is asked; any other error as it is. */
export function namingRow(
  error: unknown,
  rows: readonly Pick<ArmRow, 'input' | 'personas' | 'exemplars'>[],
): unknown {
  if (!RequestTooLongError.isInstance(error)) return error
  const row = rows[error.requestIndex]
  if (row === undefined) return error
  const { tokens, limit } = error
  const { input, personas, exemplars } = row
  const id = input.length > longestNamed ? `${input.slice(0, longestNamed)} …` : input
  return new TextTooLongError({
    texts: [{ kind: 'input', id, field: 'input', tokens, personas, exemplars }],
    limit,
    cause: error,
  })
}
