import { mixBits } from './text-features.ts'

/** Adds ±`weight` to every entry, each sign a bit of the hash's own stream: of any two hashes about half the signs agree. */
export function addSigns(vector: Float32Array, hash: number, weight: number): void {
  for (let start = 0; start < vector.length; start += 32) {
    let bits = mixBits(hash + Math.imul(start + 1, 0x9e3779b1))
    const end = Math.min(vector.length, start + 32)
    for (let index = start; index < end; index++) {
      vector[index] = (vector[index] as number) + ((bits & 1) === 1 ? weight : -weight)
      bits >>>= 1
    }
  }
}
