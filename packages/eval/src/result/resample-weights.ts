/** How often each item of a resample was drawn: an entry per item of either sample. */
export interface ResampleWeights {
  readonly real: Float64Array
  readonly simulated: Float64Array
}

/** Every item once. */
export function unitWeights(real: number, simulated: number): ResampleWeights {
  return { real: new Float64Array(real).fill(1), simulated: new Float64Array(simulated).fill(1) }
}
