/** A small generator of numbers from 0 to 1 for test models. */
export function mulberry32(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Draws as many nearly normal numbers as asked for, with a standard deviation. */
export function normalWeights(random: () => number): (count: number, deviation: number) => Float32Array {
  return (count, deviation) =>
    Float32Array.from({ length: count }, () => {
      let sum = -6
      for (let k = 0; k < 12; k++) sum += random()
      return sum * deviation
    })
}
