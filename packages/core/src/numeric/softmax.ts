import { logSumExp } from './log-sum-exp.ts'

/**
 * values − logSumExp(values). −Infinity stays −Infinity; where every value is −Infinity there is no
 * distribution and the result is NaN throughout. `out` may be the input itself.
 */
export function logSoftmax(
  logits: ArrayLike<number>,
  out: Float64Array = new Float64Array(logits.length),
): Float64Array {
  const normaliser = logSumExp(logits)
  for (let index = 0; index < logits.length; index++) out[index] = (logits[index] as number) - normaliser
  return out
}

/** Probabilities proportional to exp(logits). NaN throughout where every logit is −Infinity. */
export function softmax(
  logits: ArrayLike<number>,
  out: Float64Array = new Float64Array(logits.length),
): Float64Array {
  logSoftmax(logits, out)
  for (let index = 0; index < logits.length; index++) out[index] = Math.exp(out[index] as number)
  return out
}
