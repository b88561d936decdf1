import { InvalidArgumentError, shuffle } from '@mop/core'
import type { Arm, ArmScoring, ArmSetting, ShownRecord } from './arm.ts'

export interface PicleOptions {
  /** Records shown in a prompt. Default 3. */
  readonly examples?: number
  /** Records that are scored for each persona, drawn at random of those that may be shown. Default 60. */
  readonly candidates?: number
}

/**
 * A proxy of PICLe (Choi and Li, ICML 2024): each persona g shows the records j with the greatest log p(y_j | g, x_j) − log p(y_j | x_j), the
 * best first, to the slots whose draw of the mixture has that persona. The original takes the first likelihood from a model tuned on
 * texts of the persona; here it is the same model with the persona before the input. As in the original the persona's description is not in the
 * prompt itself. The log-likelihoods are sums over tokens, so that of two records as typical of a persona the longer one goes first.
 *
 * Needs a `scorer`. Scores at most (1 + personas drawn) × `candidates` texts, each one more call. A record that neither prompt can
 * give goes last.
 * @throws InvalidArgumentError for numbers that are no integers ≥ 1, and for fewer `candidates` than `examples`; when planned also for fewer records to show, and without a scorer.
 */
export function picle({ examples = 3, candidates = 60 }: PicleOptions = {}): Arm {
  if (!Number.isInteger(examples) || examples < 1)
    throw new InvalidArgumentError({ argument: 'examples', expected: 'an integer ≥ 1', found: examples })
  if (!Number.isInteger(candidates) || candidates < examples) {
    throw new InvalidArgumentError({
      argument: 'candidates',
      expected: `an integer ≥ ${examples}, as many as are shown`,
      found: candidates,
    })
  }
  return {
    name: 'picle',
    uses: `${examples} records a prompt, by how much likelier a persona makes them`,
    plan: async (slots, setting) => {
      const { mixture, template, shown, random } = setting
      if (shown.length < examples) {
        throw new InvalidArgumentError({
          argument: 'training',
          expected: `at least ${examples} records for the arm picle`,
          found: shown.length,
        })
      }
      const pool = shuffle(random.fork('candidates'), shown).slice(0, candidates)
      const drawn = await setting.draws(1)
      const personas = drawn.map(({ pairs }) => pairs[0]?.persona ?? 0)
      const different = [...new Set(personas)].toSorted((one, other) => one - other)
      const ratios = await logRatios(different, pool, setting)
      const chosen = new Map(
        different.map((persona, index) => [persona, greatest(ratios[index] ?? [], pool, examples)]),
      )
      setting.note(
        `${different.length} of ${mixture.personas.length} personas ranked ${pool.length} of ${shown.length} records.`,
      )
      return slots.map(({ input }, index) => {
        const exemplars = chosen.get(personas[index] ?? 0) ?? []
        return {
          messages: template.render(
            exemplars.map((exemplar) => ({ exemplar })),
            input,
          ),
          exemplars: exemplars.map(({ id }) => id),
        }
      })
    },
  }
}

/** log p(y | g, x) − log p(y | x) of each candidate for each persona. */
async function logRatios(
  personas: readonly number[],
  pool: readonly ShownRecord[],
  { mixture, template, score }: ArmSetting,
): Promise<readonly (readonly number[])[]> {
  const scoringsOf = (persona: number | undefined): ArmScoring[] => {
    const given = persona === undefined ? undefined : mixture.personas[persona]
    return pool.map(({ id, input, output }) => ({
      id: JSON.stringify([given?.id ?? null, id]),
      messages: template.render(given === undefined ? [] : [{ persona: given }], input),
      continuation: output,
      personas: given === undefined ? [] : [given.id],
      exemplars: [id],
    }))
  }
  const scores = await score([undefined, ...personas].flatMap(scoringsOf))
  const without = scores.slice(0, pool.length)
  return personas.map((_, index) =>
    without.map((base, at) => (scores[(index + 1) * pool.length + at] as number) - base),
  )
}

/** The earlier of two alike; what is not a number goes last. */
function greatest(
  ratios: readonly number[],
  pool: readonly ShownRecord[],
  count: number,
): readonly ShownRecord[] {
  const order = (ratio: number): number => (Number.isNaN(ratio) ? -Infinity : ratio)
  return pool
    .map((record, index) => ({ record, ratio: order(ratios[index] as number) }))
    .toSorted((one, other) => (one.ratio === other.ratio ? 0 : other.ratio > one.ratio ? 1 : -1))
    .slice(0, count)
    .map(({ record }) => record)
}
