import type { Arm } from './arm.ts'

/** The exemplar of the mixture's draw before the input, its persona left out: the ablation "without personas". */
export function exemplarsOnly(): Arm {
  return {
    name: 'exemplars-only',
    uses: 'exemplars, by learned weight',
    ablates: 'personas',
    plan: async (slots, { mixture, template, draws }) => {
      const drawn = await draws(1)
      return slots.map(({ input }, index) => {
        const exemplar = mixture.exemplars[drawn[index]?.pairs[0]?.exemplar ?? -1]
        return {
          messages: template.render([{ exemplar }], input),
          exemplars: exemplar === undefined ? [] : [exemplar.id],
        }
      })
    },
  }
}
