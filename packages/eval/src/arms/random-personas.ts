import type { Persona } from '@mop/core'
import type { Arm } from './arm.ts'
import { evenPersonas } from './persona-only.ts'

export interface RandomPersonasOptions {
  /** Personas that have nothing to do with the population. Default the mixture's own, each as often as the others. */
  readonly personas?: readonly Persona[]
}

/** The ablation "random personas": the exemplar of the mixture's draw, beside a persona that the gate did not choose for it. */
export function randomPersonas({ personas }: RandomPersonasOptions = {}): Arm {
  return {
    name: 'random-personas',
    uses: 'exemplars by learned weight, personas at random',
    ablates: 'choice of personas',
    plan: async (slots, setting) => {
      const { mixture, template } = setting
      const drawn = await setting.draws(1)
      const chosen = evenPersonas(personas ?? mixture.personas, slots.length, setting)
      return slots.map(({ input }, index) => {
        const persona = chosen[index]
        const exemplar = mixture.exemplars[drawn[index]?.pairs[0]?.exemplar ?? -1]
        return {
          messages: template.render([{ persona, exemplar }], input),
          personas: persona === undefined ? [] : [persona.id],
          exemplars: exemplar === undefined ? [] : [exemplar.id],
        }
      })
    },
  }
}
