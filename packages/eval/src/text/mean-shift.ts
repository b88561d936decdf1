import { InvalidArgumentError, wordsOf } from '@mop/core'
import { meanAndStandardError } from '@mop/core/numeric'

export interface MeanShift {
  readonly realMean: number
  readonly simulatedMean: number
  /** simulatedMean − realMean, in the unit of the values. */
  readonly difference: number
  /** The difference over the real sample's standard deviation; 0 where there is neither, ±Infinity where only the latter is 0. */
  readonly standardised: number
}

/**
 * How far the mean of a number per response has moved: (mean of the simulated − mean of the real) / s of the real, Glass's Δ. Nearest to
 * 0 is best; the sign says which way. A mean alone: equal means may hide unequal spreads.
 *
 * @param real n₁ ≥ 2 values.
 * @param simulated n₂ ≥ 1 values.
 * @throws InvalidArgumentError for too few values or values that are not finite.
 */
export function meanShift(
  real: ArrayLike<number>,
  simulated: ArrayLike<number>,
  weights: { readonly real?: ArrayLike<number>; readonly simulated?: ArrayLike<number> } = {},
): MeanShift {
  check('real', real, 2)
  check('simulated', simulated, 1)
  const { mean: realMean } = meanAndStandardError(real, weights.real)
  const { mean: simulatedMean } = meanAndStandardError(simulated, weights.simulated)
  let total = 0
  let squares = 0
  for (let index = 0; index < real.length; index++) {
    const weight = weights.real === undefined ? 1 : (weights.real[index] as number)
    total += weight
    squares += weight * ((real[index] as number) - realMean) ** 2
  }
  const difference = simulatedMean - realMean
  const deviation = Math.sqrt(squares / (total - 1))
  return { realMean, simulatedMean, difference, standardised: difference === 0 ? 0 : difference / deviation }
}

function check(argument: string, values: ArrayLike<number>, least: number): void {
  if (values.length < least)
    throw new InvalidArgumentError({ argument, expected: `at least ${least} values`, found: values.length })
  for (let index = 0; index < values.length; index++) {
    if (!Number.isFinite(values[index])) {
      throw new InvalidArgumentError({
        argument: `${argument}[${index}]`,
        expected: 'finite',
        found: values[index],
      })
    }
  }
}

/** The number of words of each text. */
export function wordCounts(texts: readonly string[]): Float64Array {
  return Float64Array.from(texts, (text) => wordsOf(text).length)
}

/** `meanShift` of the number of words. @throws InvalidArgumentError for too few texts. */
export function lengthShift(real: readonly string[], simulated: readonly string[]): MeanShift {
  return meanShift(wordCounts(real), wordCounts(simulated))
}

/**
 * `meanShift` of a valence: how positive each text is, by a function of yours. None is built in: a word list knows one language and no
 * irony, and METHOD names none.
 *
 * @throws InvalidArgumentError for too few texts or a valence that is not finite.
 */
export function valenceShift(
  real: readonly string[],
  simulated: readonly string[],
  valenceOf: (text: string) => number,
): MeanShift {
  return meanShift(Float64Array.from(real, valenceOf), Float64Array.from(simulated, valenceOf))
}
