/**
 * log Σ exp(values[start..end)), without overflow or underflow.
 * −Infinity for an empty range or where all are −Infinity; NaN if any value is NaN.
 */
export function logSumExp(values: ArrayLike<number>, start = 0, end: number = values.length): number {
  let largest = -Infinity
  for (let index = start; index < end; index++) {
    const value = values[index] as number
    if (value > largest || value !== value) largest = value
    if (largest !== largest) return NaN
  }
  if (largest === -Infinity || largest === Infinity) return largest
  let sum = 0
  for (let index = start; index < end; index++) sum += Math.exp((values[index] as number) - largest)
  return largest + Math.log(sum)
}
