/** One population to be simulated, and what is asked of `mop` for it. */
export interface Population {
  readonly name: string
  /** A share of the records, by respondent, is for the fit; undefined where both parts are generated. */
  readonly training?: number
  /** Options of every fit. */
  readonly fit: readonly string[]
  /** Further mixtures, fitted on the same records without a part: the name of the arm, of the part, and options of the fit. */
  readonly refits: readonly { readonly arm: string; readonly part: string; readonly fit: readonly string[] }[]
  readonly arms: string
  /** Further options of the evaluation. */
  readonly evaluate: readonly string[]
}

const allArms =
  'bare,zero-gen,attr-prompt,pro-gen,few-shot-1,few-shot-3,picle,persona-only-uniform,persona-only-learned,exemplars-only,no-exemplars,random-personas,mixture,mixture-2'

export const populations: readonly Population[] = [
  {
    name: 'society',
    fit: ['--exemplars', '96'],
    refits: [
      { arm: 'refit-no-exemplars', part: 'exemplars', fit: ['--exemplars', '0'] },
      { arm: 'refit-no-personas', part: 'personas', fit: ['--personas', '0', '--exemplars', '96'] },
    ],
    arms: allArms,
    evaluate: ['-n', '1600', '--pool-questions'],
  },
  {
    name: 'flying-etiquette',
    training: 0.12,
    fit: ['--exemplars', '240'],
    refits: [],
    arms: 'bare,few-shot-1,persona-only-uniform,persona-only-learned,exemplars-only,mixture',
    evaluate: ['-n', '2000', '--groups', 'age,gender'],
  },
  {
    name: 'restaurant',
    training: 0.5,
    fit: ['--exemplars', '200'],
    refits: [],
    arms: allArms,
    evaluate: ['-n', '1000'],
  },
  {
    name: 'sst2',
    training: 0.5,
    fit: ['--exemplars', '240'],
    refits: [],
    arms: allArms,
    evaluate: ['-n', '1000'],
  },
]
