import { createRandom, type Random } from '@mop/core'
import {
  type Embeddings,
  energyDistance,
  frechetDistance,
  klCosine,
  mauve,
  maximumMeanDiscrepancy,
  vendiScore,
} from '@mop/eval'

/**
 * Seconds of the metrics of embeddings at the paper's size: two samples of 5,000 float32 rows of 768 dimensions, twenty groups each,
 * 194 principal components for 90% of the variance. Processor time, which other work on the machine hardly changes, and wall time; one
 * thread. The first round warms up.
 */
const [rows, columns, groups, rounds] = [5000, 768, 20, 4]

function nearlyNormal(random: Random): number {
  let sum = -6
  for (let draw = 0; draw < 12; draw++) sum += random.next()
  return sum
}

function sample(seed: string, shift: number): Embeddings {
  const random = createRandom(seed)
  const data = new Float32Array(rows * columns)
  for (let row = 0; row < rows; row++) {
    const group = Math.floor(random.next() * groups)
    for (let column = 0; column < columns; column++) {
      const centre = ((group * 31 + column * 7) % 13 === 0 ? 1 : 0) + (column === 3 ? shift : 0)
      data[row * columns + column] = centre + nearlyNormal(random) * 0.995 ** column
    }
  }
  return { rows, columns, data }
}

const real = sample('real', 0)
const simulated = sample('simulated', 0.3)
const metrics: Readonly<Record<string, () => number>> = {
  FID: () => frechetDistance(real, simulated),
  'KL cosine': () => klCosine(real, simulated),
  MAUVE: () => mauve(real, simulated, { random: createRandom(1) }).mauve,
  'Vendi score': () => vendiScore(simulated),
  'MMD²': () => maximumMeanDiscrepancy(real, simulated),
  'energy distance': () => energyDistance(real, simulated),
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] as number

for (const [name, figure] of Object.entries(metrics)) {
  const seconds: { processor: number; wall: number }[] = []
  for (let round = 0; round < rounds; round++) {
    const before = process.cpuUsage()
    const start = performance.now()
    figure()
    const { user, system } = process.cpuUsage(before)
    if (round > 0) seconds.push({ processor: (user + system) / 1e6, wall: (performance.now() - start) / 1e3 })
  }
  const processor = median(seconds.map((one) => one.processor)).toFixed(2)
  const wall = median(seconds.map((one) => one.wall)).toFixed(2)
  process.stdout.write(`${name.padEnd(16)} ${processor} s of processor time, ${wall} s\n`)
}
process.stdout.write(`peak memory ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MiB\n`)
