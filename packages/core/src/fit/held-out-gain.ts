import { quantile } from '../numeric/quantile.ts'
import type { Random } from '../random/random.ts'
import { uniformInt } from '../random/uniform-int.ts'
import type { HeldOutGain } from './fit-report.ts'

const resamples = 2000

/**
 * Weighted mean of paired differences with a 95% percentile interval from a bootstrap over clusters (Efron and Tibshirani
 * 1993, chapter 13): answers of one respondent are resampled together.
 */
export function heldOutGain(
  differences: ArrayLike<number>,
  weights: ArrayLike<number>,
  clusters: readonly string[],
  random: Random,
): HeldOutGain {
  const sums = new Map<string, { value: number; weight: number }>()
  for (const [index, cluster] of clusters.entries()) {
    const sum = sums.get(cluster) ?? { value: 0, weight: 0 }
    sum.value += (weights[index] as number) * (differences[index] as number)
    sum.weight += weights[index] as number
    sums.set(cluster, sum)
  }
  const groups = [...sums.values()]
  const ratio = (chosen: readonly { value: number; weight: number }[]): number =>
    chosen.reduce((sum, { value }) => sum + value, 0) / chosen.reduce((sum, { weight }) => sum + weight, 0)
  const means = Array.from({ length: resamples }, () =>
    ratio(groups.map(() => groups[uniformInt(random, groups.length)] as (typeof groups)[number])),
  )
  return { mean: ratio(groups), interval: [quantile(means, 0.025), quantile(means, 0.975)] }
}
