/**
 * exp of the entropy of weights ≥ 0 (normalised here): how many equal shares would be as spread (Hill number of order 1).
 * Between 1 and the count of positive weights; 0 where no weight is positive.
 */
export function effectiveNumber(weights: ArrayLike<number>): number {
  let sum = 0
  for (let index = 0; index < weights.length; index++) sum += weights[index] as number
  if (!(sum > 0)) return 0
  let entropy = 0
  for (let index = 0; index < weights.length; index++) {
    const share = (weights[index] as number) / sum
    if (share > 0) entropy -= share * Math.log(share)
  }
  return Math.exp(entropy)
}
