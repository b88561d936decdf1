import { InvalidArgumentError, type Mixture, promptPairs } from '@mop/core'
import type { Arm } from './arm.ts'

export interface MixtureArmOptions {
  /** L, components in one prompt. Default 1. */
  readonly pairs?: number
  /**
   * Another mixture than the evaluation's, such as one that was fitted without exemplars, with other personas, or on other records. Of the
   * same encoder. Default the evaluation's.
   */
  readonly mixture?: Mixture | undefined
  /** Default `mixture`, or `mixture-<L>`; needed with a `mixture`. */
  readonly name?: string | undefined
  /** What the mixture was fitted without, in words such as `exemplars`: the report compares it with the evaluation's. Default nothing. */
  readonly ablates?: string | undefined
}

/**
 * The mixture itself: personas and exemplars drawn by their weights, as `simulate` does. With several pairs the temperature is the geometric
 * mean of their personas', as the method says, unless one was set for all arms; with one it is the slot's, which is that of the evaluation's
 * mixture also where the arm has another.
 * @throws InvalidArgumentError for `pairs` below 1, and for a `mixture` without a `name`.
 */
export function mixtureArm({ pairs = 1, mixture: own, name, ablates }: MixtureArmOptions = {}): Arm {
  if (!Number.isInteger(pairs) || pairs < 1)
    throw new InvalidArgumentError({ argument: 'pairs', expected: 'an integer ≥ 1', found: pairs })
  if (own !== undefined && name === undefined)
    throw new InvalidArgumentError({ argument: 'name', expected: 'given with a `mixture`', found: 'none' })
  const whose = own === undefined ? '' : ' of a mixture of its own'
  return {
    name: name ?? (pairs === 1 ? 'mixture' : `mixture-${pairs}`),
    uses: `personas and exemplars${whose}, by learned weight${pairs === 1 ? '' : `, ${pairs} pairs a prompt`}`,
    ...(ablates !== undefined && { ablates }),
    ...(own !== undefined && { mixture: own }),
    plan: async (slots, { mixture, template, draws }) => {
      const drawn = await draws(pairs)
      return slots.map(({ input }, index) => {
        const draw = drawn[index]
        const components = draw?.pairs ?? []
        return {
          messages: template.render(promptPairs(mixture, { pairs: components }), input),
          personas: components.flatMap(({ persona }) => mixture.personas[persona]?.id ?? []),
          exemplars: components.flatMap(({ exemplar }) => mixture.exemplars[exemplar]?.id ?? []),
          ...(pairs > 1 && draw !== undefined && { temperature: draw.temperature }),
        }
      })
    },
  }
}
