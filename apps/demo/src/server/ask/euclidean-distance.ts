export type Vector = Float32Array | Float64Array | readonly number[]

export function euclideanDistance(a: Vector, b: Vector): number {
  let sum = 0
  for (let index = 0; index < a.length; index++) sum += ((a[index] ?? 0) - (b[index] ?? 0)) ** 2
  return Math.sqrt(sum)
}
