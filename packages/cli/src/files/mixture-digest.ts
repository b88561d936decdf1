import { createHash } from 'node:crypto'
import type { Mixture } from '@mop/core'

/** What decides the draws of a mixture, without its report. */
export function mixtureDigest({ personas, exemplars, gate, encoder }: Mixture): string {
  const numbers = [
    gate.wx,
    gate.personas.data,
    gate.exemplars.data,
    gate.personaOffsets,
    gate.exemplarOffsets,
    gate.logTemperatures,
  ]
  return digestOf(
    JSON.stringify([personas, exemplars, numbers.map((values) => Array.from(values)), encoder.id]),
  )
}

/** What decides the draws within a group besides. */
export function attributesDigest({ attributes }: Mixture): string {
  return digestOf(
    JSON.stringify(
      attributes.map(({ name, values, probabilities }) => [name, values, Array.from(probabilities)]),
    ),
  )
}

export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}
