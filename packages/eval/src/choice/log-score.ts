import { normalisedPair } from '../numeric/normalised-pair.ts'

/**
 * Mean log-likelihood of real answers under a simulated distribution, in nats: Σ_c q_c ln p_c, with q the real shares and p the simulated
 * ones (Good 1952; a proper score). From −∞ to 0, higher is better; −∞ where a real answer has no simulated one. Less than 0 also for the
 * true distribution, by the entropy of the answers.
 *
 * @param real, simulated weights or counts over the same choices, normalised here.
 * @throws InvalidArgumentError for different lengths, or weights that are negative or all zero.
 */
export function logScore(real: ArrayLike<number>, simulated: ArrayLike<number>): number {
  const [shares, forecast] = normalisedPair(real, simulated)
  let sum = 0
  for (const [choice, share] of shares.entries()) {
    if (share > 0) sum += share * Math.log(forecast[choice] as number)
  }
  return sum
}
