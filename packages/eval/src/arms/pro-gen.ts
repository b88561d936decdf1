import { InvalidArgumentError, type Random, shuffle } from '@mop/core'
import type { Arm, ArmAnswer, ArmPrompt, ArmSetting, ArmSlot, ShownRecord } from './arm.ts'
import { differentAnswers, type UsefulAnswers, usefulAnswers } from './useful-answers.ts'

export interface ProGenOptions {
  /** Parts of the slots that are answered one after another, ≥ 2. Default 5. */
  readonly rounds?: number
  /** Own answers shown in a prompt. Default 3; the original has 8. */
  readonly examples?: number
  /** Of each input the most useful answers, from which those shown are drawn: so many, but not the less useful half. Default 50. */
  readonly pool?: number
  /** How often a prompt of a later round shows answers; the others stay zero-shot, against narrowing. In (0, 1], default 0.5. */
  readonly share?: number
  /** λ of the classifier, see `fitSoftmaxRegression`. Default 1. */
  readonly ridge?: number
}

/**
 * ProGen (Ye et al., Findings of EMNLP 2022) without a record: the slots are answered in rounds, the first with nothing but the input, later ones with
 * examples from the arm's own answers so far. Those are drawn from the answers to the same input that help most to tell which input
 * an answer is to (`usefulAnswers`: the input is the label, as in ZeroGen; influence on a classifier whose loss is taken on
 * other generated answers). The rounds' answers are the arm's answers: no call more than for the bare model. The share of prompts
 * with examples, the pool and the label that examples have in common with the prompt are those of the authors' code.
 *
 * Different from the original: the classifier is a logistic regression on the encoder's embeddings, influence is exact for it, each half of the
 * answers is the validation set of the other, and there are hundreds of answers instead of many thousands. With one input, or where answers do not
 * tell inputs apart, all own answers to an input are equally likely to be shown; an input with fewer answers than are shown borrows
 * from the others. How many rounds were ranked stands in the report's notes.
 * @throws InvalidArgumentError for options outside their range.
 */
export function proGen({
  rounds = 5,
  examples = 3,
  pool = 50,
  share = 0.5,
  ridge = 1,
}: ProGenOptions = {}): Arm {
  for (const [argument, found, least] of [
    ['rounds', rounds, 2],
    ['examples', examples, 1],
    ['pool', pool, examples],
  ] as const) {
    if (!Number.isInteger(found) || found < least)
      throw new InvalidArgumentError({ argument, expected: `an integer ≥ ${least}`, found })
  }
  if (!(share > 0 && share <= 1))
    throw new InvalidArgumentError({ argument: 'share', expected: 'in (0, 1]', found: share })
  if (!(ridge > 0 && ridge < Infinity))
    throw new InvalidArgumentError({ argument: 'ridge', expected: 'finite and above 0', found: ridge })
  return {
    name: 'pro-gen',
    uses: 'no record; its own earlier answers',
    plan: async (slots, setting) => {
      const prompts = new Map<string, ArmPrompt>()
      const said: ShownRecord[] = []
      const unranked: string[] = []
      const parts = inRounds(slots, rounds, setting.random.fork('rounds'))
      for (const [round, part] of parts.entries()) {
        let show = (_slot: ArmSlot, _random: Random): readonly ShownRecord[] => []
        if (round > 0) {
          const different = differentAnswers(said)
          const random = setting.random.fork(`round ${round}`)
          const useful = await usefulAnswers(different, { random, ridge, encode: setting.encode })
          if ('unranked' in useful) unranked.push(useful.unranked)
          show = drawnFrom(different, useful, { examples, pool, share })
        }
        const asked = part.map((slot): ArmAnswer => {
          const prompt = promptOf(slot, show(slot, setting.random.fork(slot.id)), setting)
          prompts.set(slot.id, prompt)
          return { slot, prompt }
        })
        if (round === parts.length - 1) break
        const outputs = await setting.answer(asked)
        for (const [index, output] of outputs.entries()) {
          const { id, input } = part[index] as ArmSlot
          said.push({ id: `pro-gen/${id}`, input, output })
        }
      }
      setting.note(noteOf(parts.length - 1, unranked))
      return slots.map(({ id }) => prompts.get(id) as ArmPrompt)
    },
  }
}

/** Parts of the slots in random order, of equal size give or take one, none empty. */
function inRounds(slots: readonly ArmSlot[], rounds: number, random: Random): readonly ArmSlot[][] {
  const count = Math.min(rounds, slots.length)
  const parts = Array.from({ length: count }, (): ArmSlot[] => [])
  for (const [index, slot] of shuffle(random, slots).entries()) parts[index % count]?.push(slot)
  return parts
}

function promptOf(
  { input }: ArmSlot,
  exemplars: readonly ShownRecord[],
  { template }: ArmSetting,
): ArmPrompt {
  return {
    messages: template.render(
      exemplars.map((exemplar) => ({ exemplar })),
      input,
    ),
    exemplars: exemplars.map(({ id }) => id),
  }
}

/** What a slot is shown: nothing, or answers from the pool of its input. */
function drawnFrom(
  answers: readonly ShownRecord[],
  useful: UsefulAnswers,
  { examples, pool, share }: Required<Pick<ProGenOptions, 'examples' | 'pool' | 'share'>>,
): (slot: ArmSlot, random: Random) => readonly ShownRecord[] {
  const pools = new Map(
    [...Map.groupBy(answers, ({ input }) => input)].map(([input, own]) => [input, bestOf(own, useful)]),
  )
  const all = [...pools.values()].flat()
  return ({ input }, random) => {
    if (random.next() >= share) return []
    const own = pools.get(input) ?? []
    return shuffle(random, own.length < examples ? all : own).slice(0, examples)
  }

  function bestOf(own: readonly ShownRecord[], ranking: UsefulAnswers): readonly ShownRecord[] {
    if ('unranked' in ranking || !own.some(({ id }) => ranking.influence.has(id))) return own
    const size = Math.min(pool, Math.max(examples, Math.ceil(own.length / 2)))
    const rank = ({ id }: ShownRecord): number => ranking.influence.get(id) ?? Infinity
    return own.toSorted((one, other) => rank(one) - rank(other)).slice(0, size)
  }
}

function noteOf(later: number, unranked: readonly string[]): string {
  const reasons = [...new Set(unranked)].join('; ')
  const rest = unranked.length === 0 ? '' : `; in the others examples were drawn evenly: ${reasons}`
  return `its own answers were ranked by influence before ${later - unranked.length} of ${later} later rounds${rest}.`
}
