import { InvalidArgumentError, promptPairs } from '@mop/core'
import type { Arm } from './arm.ts'

export interface MixtureArmOptions {
  /** L, components in one prompt. Default 1. */
  readonly pairs?: number
}

/**
 * The mixture itself: personas and exemplars drawn by their weights, as `simulate` does. With several pairs the temperature is the geometric
 * mean of their personas', as the method says, unless one was set for all arms.
 * @throws InvalidArgumentError for `pairs` below 1.
 */
export function mixtureArm({ pairs = 1 }: MixtureArmOptions = {}): Arm {
  if (!Number.isInteger(pairs) || pairs < 1)
    throw new InvalidArgumentError({ argument: 'pairs', expected: 'an integer ≥ 1', found: pairs })
  return {
    name: pairs === 1 ? 'mixture' : `mixture-${pairs}`,
    uses: `personas and exemplars, by learned weight${pairs === 1 ? '' : `, ${pairs} pairs a prompt`}`,
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
