import type { Arm } from './arm.ts'
import { promptArm } from './prompt-arm.ts'

/** The model alone: nothing but the input. */
export function bare(): Arm {
  return promptArm({
    name: 'bare',
    uses: 'no record',
    prompt: (slot, _random, { template }) => ({ messages: template.render([], slot.input) }),
  })
}
