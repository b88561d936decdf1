/**
 * Latency of one draw at the paper's size, without the encoder: K = 100, J = 1,000, d = 128, d′ = 384 and 768.
 * Prints p50, p95, p99 in milliseconds, and the same for one pass over x̃ alone, which no draw can beat.
 */
import { createRandom, Mixture } from '@mop/core'

const [personas, exemplars, rank] = [100, 1000, 128]
const draws = 2000

for (const dimension of [384, 768]) {
  const random = createRandom(`draw latency ${dimension}`)
  const numbers = (length: number, scale: number): Float64Array =>
    Float64Array.from({ length }, () => (random.next() - 0.5) * scale)
  const mixture = new Mixture({
    personas: Array.from({ length: personas }, (_, k) => ({ id: `p${k}`, text: `persona ${k}` })),
    exemplars: Array.from({ length: exemplars }, (_, j) => ({ id: `e${j}`, input: 'x', output: `y${j}` })),
    gate: {
      d: rank,
      dPrime: dimension,
      wx: numbers(rank * dimension, 1),
      personas: { rows: personas, columns: rank, data: numbers(personas * rank, 1) },
      exemplars: { rows: exemplars, columns: rank, data: numbers(exemplars * rank, 1) },
      personaOffsets: numbers(personas, 1),
      exemplarOffsets: numbers(exemplars, 1),
      logTemperatures: new Float64Array(personas),
    },
    encoder: { id: 'synthetic', dimension },
    provenance: { scorer: 'none', template: 'chat-1', records: 0, seed: '1' },
  })
  const inputs = Array.from({ length: 64 }, () => {
    const x = numbers(dimension, 2)
    const norm = Math.hypot(...x)
    return x.map((value) => value / norm)
  })
  const measure = (name: string, work: (x: Float64Array) => unknown): void => {
    const times: number[] = []
    for (let n = -200; n < draws; n += 1) {
      const x = inputs[(n + 200) % inputs.length] as Float64Array
      const start = performance.now()
      work(x)
      if (n >= 0) times.push(performance.now() - start)
    }
    times.sort((a, b) => a - b)
    const at = (share: number): string => (times[Math.floor(share * times.length)] as number).toFixed(3)
    process.stdout.write(
      `d'=${dimension}  ${name.padEnd(16)} p50 ${at(0.5)} ms  p95 ${at(0.95)} ms  p99 ${at(0.99)} ms\n`,
    )
  }
  measure('draw, L = 1', (x) => mixture.draw(x, { random }))
  measure('draw, L = 2', (x) => mixture.draw(x, { random, pairs: 2 }))
  measure('top 4', (x) => mixture.top(x, 4))
  measure('persona weights', (x) => mixture.personaWeights(x))
}
process.stdout.write(`peak memory ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MiB\n`)
