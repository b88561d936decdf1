import { InvalidArgumentError } from '@mop/core'
import { normalisedPair } from '../numeric/normalised-pair.ts'
import type { Better, Metric } from '../result/metric.ts'
import { brierScore } from './brier-score.ts'
import { calibration } from './calibration.ts'
import { checkChoices, choiceCounts, type ChoiceSample, selectAnswers } from './choice-sample.ts'
import { jensenShannon } from './jensen-shannon.ts'
import { logScore } from './log-score.ts'
import { representativeness } from './representativeness.ts'
import { totalVariation } from './total-variation.ts'
import { ratioOfVariances, scaleVariance } from './variance-ratio.ts'
import { normalisedWasserstein, wasserstein } from './wasserstein.ts'

/** The figure of the answers' distributions, one pair per question that both samples answer. */
type OfQuestions = (pairs: readonly (readonly [Float64Array, Float64Array])[]) => number

/** Fewer real answers to a question than this, and much of the distance between shares is chance. */
const fewAnswers = 8

/** The mean over questions of `totalVariation` for `measure`. */
export function totalVariationMetric(): Metric<ChoiceSample> {
  return distanceMetric('total variation', 'lower', 1, totalVariation)
}

/** The mean over questions of `jensenShannon`, in nats, for `measure`. */
export function jensenShannonMetric(): Metric<ChoiceSample> {
  return distanceMetric('Jensen–Shannon', 'lower', Math.LN2, jensenShannon)
}

export interface WassersteinMetricOptions {
  /** Each question's distance over its K − 1. Default false, in steps of the scale. */
  readonly normalised?: boolean
}

/** The mean over questions of `wasserstein` for `measure`. Where scales differ in length, take it normalised. */
export function wassersteinMetric({
  normalised = false,
}: WassersteinMetricOptions = {}): Metric<ChoiceSample> {
  return normalised
    ? distanceMetric('Wasserstein-1, normalised', 'lower', 1, normalisedWasserstein)
    : distanceMetric('Wasserstein-1', 'lower', Infinity, wasserstein)
}

/** The mean over questions of `representativeness` for `measure`. */
export function representativenessMetric(): Metric<ChoiceSample> {
  return distanceMetric('representativeness', 'higher', 1, representativeness)
}

/** `varianceRatio` for `measure`; over several questions the ratio of the mean variances, each on a scale from 0 to 1. */
export function varianceRatioMetric(): Metric<ChoiceSample> {
  return choiceMetric('variance ratio', 'near 1', Infinity, (pairs) => {
    let real = 0
    let simulated = 0
    for (const [first, second] of pairs) {
      const [p, q] = normalisedPair(first, second)
      const steps = Math.max(1, p.length - 1)
      real += scaleVariance(p) / steps ** 2
      simulated += scaleVariance(q) / steps ** 2
    }
    return ratioOfVariances(real, simulated)
  })
}

/** `brierScore` for `measure`. */
export function brierMetric(): Metric<ChoiceSample> {
  return choiceMetric('Brier score', 'lower', 2, (pairs) => brierScore(pairs).score)
}

/** The error of `calibration` for `measure`. @param bins Default 10. */
export function calibrationMetric(bins = 10): Metric<ChoiceSample> {
  return choiceMetric('calibration error', 'lower', 1, (pairs) => calibration(pairs, bins).error)
}

/**
 * `logScore` for `measure`: its mean over real answers. Halves are counts, in which a choice may be missing by chance: of the floor the second
 * half gets half an answer more of each choice (Krichevsky and Trofimov 1981).
 */
export function logScoreMetric(): Metric<ChoiceSample> {
  const overAnswers: OfQuestions = (pairs) => {
    let sum = 0
    let total = 0
    for (const [real, simulated] of pairs) {
      const weight = real.reduce((all, count) => all + count, 0)
      sum += weight * logScore(real, simulated)
      total += weight
    }
    return sum / total
  }
  const metric = choiceMetric('log score', 'higher', 0, overAnswers)
  return {
    ...metric,
    range: [-Infinity, 0],
    compareHalves: (first, second) => {
      const pairs = pairsOfHalves(first, second)
      if (pairs.length === 0) return { value: Number.NaN }
      return { value: overAnswers(pairs.map(([real, other]) => [real, other.map((count) => count + 0.5)])) }
    },
  }
}

/** The mean over questions of a distance between shares, or of its complement. Warns of few real answers to a question. */
function distanceMetric(
  name: string,
  better: Better,
  greatest: number,
  distance: (p: Float64Array, q: Float64Array) => number,
): Metric<ChoiceSample> {
  const metric = choiceMetric(
    name,
    better,
    greatest,
    (pairs) => pairs.reduce((sum, [p, q]) => sum + distance(p, q), 0) / pairs.length,
  )
  return {
    ...metric,
    warnings: (real, simulated) => [
      ...(metric.warnings?.(real, simulated) ?? []),
      ...fewAnswersWarning(real, simulated),
    ],
  }
}

function fewAnswersWarning(real: ChoiceSample, simulated: ChoiceSample): readonly string[] {
  const asked = questionsOf(simulated)
  const answers = Array.from(real.answers, (_, index) => questionOf(real, index)).filter((question) =>
    asked.has(question),
  )
  const each = answers.length / new Set(answers).size
  return each < fewAnswers
    ? [
        `Rests on ${each.toFixed(1)} real answers a question; below ${fewAnswers} much of the distance is chance. Questions with the same choices can be counted as one.`,
      ]
    : []
}

/** Of two halves of one sample, the questions of both; none where these are fewer than half of all, which would stand for the others by chance. */
function pairsOfHalves(first: ChoiceSample, second: ChoiceSample): [Float64Array, Float64Array][] {
  const pairs = answeredPairs(choiceCounts(first), choiceCounts(second))
  const all = new Set([...questionsOf(first), ...questionsOf(second)]).size
  return 2 * pairs.length < all ? [] : pairs
}

function questionsOf(sample: ChoiceSample): ReadonlySet<number> {
  return new Set(Array.from(sample.answers, (_, index) => questionOf(sample, index)))
}

function questionOf({ questions }: ChoiceSample, index: number): number {
  return questions?.[index] ?? 0
}

function choiceMetric(
  name: string,
  better: Better,
  greatest: number,
  figure: OfQuestions,
): Metric<ChoiceSample> {
  return {
    name,
    better,
    range: [0, greatest],
    samples: 'both',
    size: (sample) => sample.answers.length,
    select: selectAnswers,
    compareHalves: (first, second) => {
      const pairs = pairsOfHalves(first, second)
      return { value: pairs.length === 0 ? Number.NaN : figure(pairs) }
    },
    compare: (real, simulated) => {
      checkChoices('real', real)
      checkChoices('simulated', simulated)
      if (real.choices.join() !== simulated.choices.join()) {
        throw new InvalidArgumentError({
          argument: 'simulated.choices',
          expected: `${real.choices.join()}, as real`,
          found: simulated.choices.join(),
        })
      }
      const pairs = answeredPairs(choiceCounts(real), choiceCounts(simulated))
      if (pairs.length === 0)
        throw new InvalidArgumentError({
          argument: 'simulated',
          expected: 'an answer to a question that real answers',
          found: 'none',
        })
      return {
        value: figure(pairs),
        // NaN where a resample shares no question.
        reweigh: (weightings) =>
          weightings.map((weights) => {
            const both = answeredPairs(
              choiceCounts(real, weights.real),
              choiceCounts(simulated, weights.simulated),
            )
            return both.length === 0 ? Number.NaN : figure(both)
          }),
      }
    },
    warnings: (real, simulated) => {
      const asked = choiceCounts(real).filter(answered).length
      const both = answeredPairs(choiceCounts(real), choiceCounts(simulated)).length
      return both < asked
        ? [`${asked - both} of ${asked} questions have no simulated answer and were left out.`]
        : []
    },
  }
}

/** The questions that both samples answer, with the weight of each choice. */
export function answeredPairs(
  real: readonly Float64Array[],
  simulated: readonly Float64Array[],
): [Float64Array, Float64Array][] {
  return real.flatMap((counts, question): [Float64Array, Float64Array][] => {
    const others = simulated[question]
    return others !== undefined && answered(counts) && answered(others) ? [[counts, others]] : []
  })
}

function answered(counts: Float64Array): boolean {
  return counts.some((count) => count > 0)
}
