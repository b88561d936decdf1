import { type Persona, shuffle } from '@mop/core'
import type { Arm, ArmSetting } from './arm.ts'

export interface PersonaOnlyOptions {
  /** `learned`: as often as the mixture's gate says; `uniform`: all equally often. */
  readonly weights: 'learned' | 'uniform'
}

/** A persona of the mixture before the input, and no exemplar. */
export function personaOnly({ weights }: PersonaOnlyOptions): Arm {
  return {
    name: `persona-only-${weights}`,
    uses: weights === 'learned' ? 'personas, by learned weight' : 'personas, all equally often',
    ...(weights === 'uniform' && { ablates: 'exemplars and learned weights' }),
    plan: async (slots, setting) => {
      const { mixture, template } = setting
      const personas =
        weights === 'uniform'
          ? evenPersonas(mixture.personas, slots.length, setting)
          : (await setting.draws(1)).map(({ pairs }) => mixture.personas[pairs[0]?.persona ?? 0])
      return slots.map(({ input }, index) => {
        const persona = personas[index]
        return {
          messages: template.render([{ persona }], input),
          personas: persona === undefined ? [] : [persona.id],
        }
      })
    },
  }
}

/**
 * The ablation "without exemplars": the persona of the mixture's draw, its exemplar left out. As `personaOnly` with learned weights, under the
 * paper's name; the gate is not fitted again.
 */
export function noExemplars(): Arm {
  return { ...personaOnly({ weights: 'learned' }), name: 'no-exemplars', ablates: 'exemplars' }
}

/** Each persona as often as the others, give or take one, in random order. */
export function evenPersonas<Kind extends Pick<Persona, 'text'>>(
  personas: readonly Kind[],
  count: number,
  { random }: Pick<ArmSetting, 'random'>,
): readonly Kind[] {
  const order = shuffle(random.fork('who'), personas)
  const turns = Array.from({ length: count }, (_, index) => order[index % order.length] as Kind)
  return shuffle(random.fork('when'), turns)
}
