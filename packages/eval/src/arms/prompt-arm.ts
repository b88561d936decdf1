import type { Random } from '@mop/core'
import type { Arm, ArmPrompt, ArmSetting, ArmSlot } from './arm.ts'

export interface PromptArmOptions {
  readonly name: string
  /** What of the population's records its prompts hold, in words. */
  readonly uses: string
  /** See `Arm`. */
  readonly ablates?: string
  /** The prompt of one slot. `random` is a stream of this slot's own. */
  readonly prompt: (slot: ArmSlot, random: Random, setting: ArmSetting) => ArmPrompt | Promise<ArmPrompt>
}

/** An arm of yours, from one function that writes the prompt of a slot. */
export function promptArm({ name, uses, ablates, prompt }: PromptArmOptions): Arm {
  return {
    name,
    uses,
    ...(ablates !== undefined && { ablates }),
    plan: async (slots, setting) => {
      const prompts: ArmPrompt[] = []
      for (const slot of slots) prompts.push(await prompt(slot, setting.random.fork(slot.id), setting))
      return prompts
    },
  }
}
