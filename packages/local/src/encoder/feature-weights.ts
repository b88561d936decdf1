import { textFeatures } from './text-features.ts'

/** Weights are kept for this many slots, a feature's by the low 16 bits of its hash. */
export const weightSlots = 65_536
const highestWeightLevel = 15

const fewTexts = 100

/**
 * How telling each feature is: ln((1 + N) / (1 + texts with it)) as levels of 4 bits, the highest for the rarest that
 * counts. Level 0 are features that no text has, and, from 100 texts on, those that only one has: they relate no two texts.
 */
export function featureWeights(texts: readonly string[]): Uint8Array {
  const counts = new Uint32Array(weightSlots)
  const lastSeenIn = new Int32Array(weightSlots).fill(-1)
  for (const [text, content] of texts.entries()) {
    for (const hash of textFeatures(content).hashes) {
      const slot = hash % weightSlots
      if (lastSeenIn[slot] === text) continue
      lastSeenIn[slot] = text
      counts[slot] = (counts[slot] as number) + 1
    }
  }
  const fewest = texts.length < fewTexts ? 1 : 2
  const highest = Math.log((1 + texts.length) / (1 + fewest))
  return Uint8Array.from(counts, (count) => {
    if (count < fewest || highest <= 0) return 0
    return Math.round((highestWeightLevel * Math.log((1 + texts.length) / (1 + count))) / highest)
  })
}
