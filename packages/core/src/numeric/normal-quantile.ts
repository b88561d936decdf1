import { InvalidArgumentError } from '../errors/invalid-argument-error.ts'

const central = {
  over: [
    -39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716,
    2.506628277459239,
  ],
  under: [
    -54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572, 1,
  ],
} as const
const tail = {
  over: [
    -0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968,
    2.938163982698783,
  ],
  under: [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416, 1],
} as const

/**
 * The quantile of the standard normal distribution, by Acklam's rational approximations (2003): relative error
 * below 1.2e-9.
 *
 * @throws InvalidArgumentError for a probability outside (0, 1).
 */
export function normalQuantile(probability: number): number {
  if (!(probability > 0 && probability < 1)) {
    throw new InvalidArgumentError({
      argument: 'probability',
      expected: 'above 0 and below 1',
      found: probability,
    })
  }
  if (probability > 0.5) return -normalQuantile(1 - probability)
  if (probability < 0.02425) {
    const q = Math.sqrt(-2 * Math.log(probability))
    return polynomial(tail.over, q) / polynomial(tail.under, q)
  }
  const q = probability - 0.5
  const r = q * q
  return (polynomial(central.over, r) * q) / polynomial(central.under, r)
}

function polynomial(coefficients: readonly number[], at: number): number {
  return coefficients.reduce((sum, coefficient) => sum * at + coefficient, 0)
}
