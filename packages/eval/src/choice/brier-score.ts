import { normalisedPair } from '../numeric/normalised-pair.ts'

/** The answers to one question: weights or counts of the real ones and of the simulated ones over the same choices. */
export type AnsweredQuestion = readonly [real: ArrayLike<number>, simulated: ArrayLike<number>]

/** The Brier score and what it consists of: score = reliability − resolution + uncertainty. */
export interface BrierScore {
  /** In [0, 2], lower is better. */
  readonly score: number
  /** How far the simulated shares lie from the real ones: 0 for a simulation that is right about every question. */
  readonly reliability: number
  /** How far the questions differ from one another in how they are really answered. The same for every simulation. */
  readonly resolution: number
  /** What always giving the overall shares would score. */
  readonly uncertainty: number
}

/**
 * Brier score (1950) of the simulated shares as forecasts of single real answers: the mean over real answers of Σ_c (p_c − [answer is c])²,
 * with its partition by Murphy (1973), where each question is a forecast of its own and the overall shares are taken over questions
 * of equally many choices, place by place:
 *
 * reliability = Σ_q w_q Σ_c (p_qc − o_qc)², resolution = Σ_q w_q Σ_c (o_qc − ō_c)², uncertainty = Σ_q w_q Σ_c ō_c (1 − ō_c),
 *
 * with o_qc the real shares and w_q the share of question q in all real answers. Exact. With few answers a question o_qc is noisy: reliability
 * and resolution are then both too large, by about (1 − Σ_c o_qc²) over the number of answers, and the score is not.
 *
 * @throws InvalidArgumentError for lists of different lengths, or weights that are negative or all zero.
 */
export function brierScore(questions: readonly AnsweredQuestion[]): BrierScore {
  const total = questions.reduce((sum, [real]) => sum + sumOf(real), 0)
  const known = questions.map(([real, simulated]) => {
    const [shares, forecast] = normalisedPair(real, simulated)
    return { shares, forecast, weight: sumOf(real) / total }
  })
  const found = { score: 0, reliability: 0, resolution: 0, uncertainty: 0 }
  for (const alike of Map.groupBy(known, ({ shares }) => shares.length).values()) {
    const weightOfAll = alike.reduce((sum, { weight }) => sum + weight, 0)
    const overall = new Float64Array(alike[0]?.shares.length ?? 0)
    for (const { shares, weight } of alike) {
      for (const [choice, share] of shares.entries())
        overall[choice] = (overall[choice] as number) + (weight / weightOfAll) * share
    }
    for (const { shares, forecast, weight } of alike) {
      for (const [choice, share] of shares.entries()) {
        const p = forecast[choice] as number
        const base = overall[choice] as number
        found.score += weight * (p ** 2 - 2 * p * share + share)
        found.reliability += weight * (p - share) ** 2
        found.resolution += weight * (share - base) ** 2
        found.uncertainty += weight * base * (1 - base)
      }
    }
  }
  return found
}

function sumOf(values: ArrayLike<number>): number {
  let sum = 0
  for (let index = 0; index < values.length; index++) sum += values[index] as number
  return sum
}
