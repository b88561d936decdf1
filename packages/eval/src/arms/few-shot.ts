import { InvalidArgumentError, uniformInt } from '@mop/core'
import type { Arm, ShownRecord } from './arm.ts'
import { promptArm } from './prompt-arm.ts'

/** Records drawn at random, all equally likely, none twice in a prompt. @param count how many. @throws InvalidArgumentError for fewer than 1. */
export function fewShot(count: number): Arm {
  if (!Number.isInteger(count) || count < 1)
    throw new InvalidArgumentError({ argument: 'count', expected: 'an integer ≥ 1', found: count })
  return promptArm({
    name: `few-shot-${count}`,
    uses: `${count} random record${count === 1 ? '' : 's'} a prompt`,
    prompt: (slot, random, { shown, template }) => {
      if (shown.length < count) {
        throw new InvalidArgumentError({
          argument: 'training',
          expected: `at least ${count} records for the arm few-shot-${count}`,
          found: shown.length,
        })
      }
      const picked = new Set<ShownRecord>()
      while (picked.size < count) picked.add(shown[uniformInt(random, shown.length)] as ShownRecord)
      const exemplars = [...picked]
      return {
        messages: template.render(
          exemplars.map((exemplar) => ({ exemplar })),
          slot.input,
        ),
        exemplars: exemplars.map(({ id }) => id),
      }
    },
  })
}
