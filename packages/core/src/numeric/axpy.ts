/** y[yStart + i] += factor · x[xStart + i] over i < length. */
export function axpy(
  factor: number,
  x: Float64Array | Float32Array,
  y: Float64Array | Float32Array,
  length: number = x.length,
  xStart = 0,
  yStart = 0,
): void {
  for (let index = 0; index < length; index++) {
    y[yStart + index] = (y[yStart + index] as number) + factor * (x[xStart + index] as number)
  }
}
