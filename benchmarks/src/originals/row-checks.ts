import { type ArrayFiles, readArray, readMatrix, sizeOf } from './array-files.ts'
import type { Measured } from './run-side.ts'

/**
 * What the harness says of one side's result. `own` is ours, of the first repetition; it is undefined where ours failed. Begins with
 * `ok`, or with `NO` where the two sides did not do the same work.
 */
export type RowCheck = (side: Measured, own: Measured | undefined, files: ArrayFiles) => string

const verdict = (holds: boolean, text: string): string => `${holds ? 'ok' : 'NO'}: ${text}`

/** The values differ by at most this part. */
export function agreeingValue(tolerance: number): RowCheck {
  return (side, own) => {
    if (own === undefined || side === own) return ''
    const difference = Math.abs(own.value - side.value) / Math.abs(side.value)
    return verdict(difference <= tolerance, `values ${difference.toExponential(1)} apart`)
  }
}

/** Our value is at most this part above the other's: of two clusterings from different starts. */
export function noHigherValue(tolerance: number): RowCheck {
  return (side, own) => {
    if (own === undefined || side === own) return ''
    const ratio = own.value / side.value
    return verdict(ratio <= 1 + tolerance, `ours ${ratio.toFixed(4)} of this value`)
  }
}

/** How far mixture weights can be from the best: max_k (1/N) Σ_i L_ik / (Lw)_i − 1, in nats a record. */
export function certificate(logLikelihood: Float64Array, weights: ArrayLike<number>): number {
  const components = weights.length
  const records = logLikelihood.length / components
  const total = Array.from(weights).reduce((sum, weight) => sum + weight, 0)
  const slopes = new Float64Array(components)
  for (let start = 0; start < logLikelihood.length; start += components) {
    const row = logLikelihood.subarray(start, start + components)
    const highest = row.reduce((a, b) => Math.max(a, b), -Infinity)
    const likelihood = row.map((value) => Math.exp(value - highest))
    let density = 0
    for (let k = 0; k < components; k++) density += (weights[k] as number) * (likelihood[k] as number)
    for (let k = 0; k < components; k++) {
      slopes[k] = (slopes[k] as number) + ((likelihood[k] as number) * total) / density / records
    }
  }
  return slopes.reduce((a, b) => Math.max(a, b), -Infinity) - 1
}

/** The weights' certificate is at most the tolerance: computed here, from the table both sides read. */
export function certifiedWeights(tolerance: number): RowCheck {
  return ({ vector }, _own, files) => {
    if (vector?.length !== sizeOf(files, 'components')) return verdict(false, 'no weights')
    const gap = certificate(readArray(files, 'log-likelihood.f64'), vector)
    return verdict(gap <= tolerance, `gap ${gap.toExponential(1)}`)
  }
}

/** Values and gradients differ by at most this part; of the gradients, of the length of the difference. */
export function equalGradient(tolerance: number): RowCheck {
  return (side, own) => {
    if (own?.vector === undefined || side === own) return ''
    const theirs = side.vector
    if (theirs?.length !== own.vector.length) return verdict(false, 'no gradient of this length')
    let [difference, length] = [0, 0]
    own.vector.forEach((slope, index) => {
      difference += (slope - (theirs[index] as number)) ** 2
      length += slope ** 2
    })
    const apart = Math.sqrt(difference / length)
    const value = Math.abs(own.value - side.value) / Math.abs(own.value)
    return verdict(
      apart <= tolerance && value <= tolerance,
      `gradients ${apart.toExponential(1)} apart, values ${value.toExponential(1)}`,
    )
  }
}

/** Σ over clusters of the squared distances to their means, of the unit rows of both samples. */
export function clusteringObjective(files: ArrayFiles, labels: Float64Array): number {
  const columns = sizeOf(files, 'columns')
  const sums = new Map<number, Float64Array>()
  const sizes = new Map<number, number>()
  let at = 0
  for (const name of ['real.f32', 'simulated.f32'] as const) {
    const { data, rows } = readMatrix(files, name, columns)
    for (let row = 0; row < rows; row++, at++) {
      const values = data.subarray(row * columns, (row + 1) * columns)
      const label = labels[at] as number
      const sum = sums.get(label) ?? new Float64Array(columns)
      const length = Math.sqrt(values.reduce((total, value) => total + value * value, 0))
      values.forEach((value, column) => (sum[column] = (sum[column] as number) + value / length))
      sums.set(label, sum)
      sizes.set(label, (sizes.get(label) ?? 0) + 1)
    }
  }
  // Unit rows: Σ ‖x‖² is their number.
  let objective = at
  for (const [label, sum] of sums) {
    objective -= sum.reduce((total, value) => total + value * value, 0) / (sizes.get(label) as number)
  }
  return objective
}

/** Ours clusters no worse than this part above the other's objective; says how far the scores are apart. */
export function sameClustering(tolerance: number): RowCheck {
  return (side, own, files) => {
    if (own?.vector === undefined || side.vector === undefined) return ''
    const objective = clusteringObjective(files, side.vector)
    if (side === own) return `objective ${objective.toFixed(1)}`
    const ratio = clusteringObjective(files, own.vector) / objective
    return verdict(
      ratio <= 1 + tolerance,
      `objective ${objective.toFixed(1)}, ours ${ratio.toFixed(4)} of it, scores ${Math.abs(side.value - own.value).toFixed(4)} apart`,
    )
  }
}

/** Vectors of (seconds, best held-out value so far): how long ours took to a value as good as the other's best. */
export function soonerBest(): RowCheck {
  return (side, own) => {
    if (own?.vector === undefined || side === own) return ''
    const at = own.vector.findIndex((value, index) => index % 2 === 1 && value >= side.value)
    if (at < 0) return `ours never reaches this held-out value: ${(side.value - own.value).toFixed(4)} short`
    const seconds = own.vector[at - 1] as number
    return `ours is as good after ${seconds.toFixed(2)} s, ${(seconds / side.seconds).toFixed(2)} of this`
  }
}
