import * as v from 'valibot'
import type { FitRequest } from '../../api-contract.ts'
import { fieldMessage } from '../http/field-message.ts'
import { limits } from '../limits.ts'

function whole(lowest: number, highest: number): v.GenericSchema<unknown, number> {
  const message = `must be a whole number from ${lowest} to ${highest}`
  return v.pipe(
    v.number(message),
    v.integer(message),
    v.minValue(lowest, message),
    v.maxValue(highest, message),
  )
}

const mostPersonas = 48

export const fitRequestSchema: v.GenericSchema<unknown, FitRequest> = v.strictObject(
  {
    personas: v.union(
      [v.literal('given'), whole(1, mostPersonas)],
      `must be "given" or a whole number from 1 to ${mostPersonas}`,
    ),
    exemplars: whole(1, 200),
    rounds: whole(1, 6),
    pairs: whole(1, 24),
    records: whole(10, limits.records),
    seed: whole(0, 2 ** 32 - 1),
  },
  fieldMessage,
)
