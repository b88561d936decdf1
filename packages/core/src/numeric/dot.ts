/** Σ a[aStart + i] · b[bStart + i] over i < length, in four interleaved partial sums. */
export function dot(
  a: Float64Array | Float32Array,
  b: Float64Array | Float32Array,
  length: number = a.length,
  aStart = 0,
  bStart = 0,
): number {
  let s0 = 0
  let s1 = 0
  let s2 = 0
  let s3 = 0
  let index = 0
  for (; index + 3 < length; index += 4) {
    s0 += (a[aStart + index] as number) * (b[bStart + index] as number)
    s1 += (a[aStart + index + 1] as number) * (b[bStart + index + 1] as number)
    s2 += (a[aStart + index + 2] as number) * (b[bStart + index + 2] as number)
    s3 += (a[aStart + index + 3] as number) * (b[bStart + index + 3] as number)
  }
  for (; index < length; index++) s0 += (a[aStart + index] as number) * (b[bStart + index] as number)
  return s0 + s1 + (s2 + s3)
}
