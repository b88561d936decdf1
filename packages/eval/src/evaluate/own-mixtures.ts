import { bindEncoder, type BoundMixture, type Encoder, InvalidArgumentError } from '@mop/core'
import type { Arm } from '../arms/arm.ts'
import type { EvaluationSlot } from './plan-slots.ts'

export interface OwnMixtures {
  /** Of the arms that have a mixture of their own, by their names. */
  readonly bound: ReadonlyMap<string, BoundMixture>
  /** Groups that one of them does not know, in sentences. */
  readonly notes: readonly string[]
}

/**
 * The arms' own mixtures, before anything is asked.
 * @throws EncoderMismatchError for a mixture of another encoder.
 * @throws InvalidArgumentError for one that lacks an attribute whose groups are asked for.
 */
export function ownMixtures(
  arms: readonly Arm[],
  encoder: Encoder,
  groups: readonly string[],
  slots: readonly EvaluationSlot[],
): OwnMixtures {
  const bound = new Map<string, BoundMixture>()
  const notes: string[] = []
  for (const { name, mixture } of arms) {
    if (mixture === undefined) continue
    bound.set(name, bindEncoder(mixture, encoder))
    const unknown = new Set<string>()
    for (const attribute of groups) {
      const table = mixture.attributes.find((one) => one.name === attribute)
      if (table === undefined) {
        throw new InvalidArgumentError({
          argument: `arm ${name}`,
          expected: `a mixture that knows the attribute ${attribute}, whose groups are asked for`,
          found: mixture.attributes.map((one) => one.name).join(', ') || 'none',
        })
      }
      for (const { given } of slots) {
        const value = given?.[attribute]
        if (value !== undefined && !table.values.includes(String(value)))
          unknown.add(`${attribute} ${String(value)}`)
      }
    }
    if (unknown.size > 0)
      notes.push(
        `The mixture of ${name} does not know ${[...unknown].join(', ')}: everybody answers for them.`,
      )
  }
  return { bound, notes }
}
