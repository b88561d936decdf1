import { InvalidArgumentError } from '../errors/invalid-argument-error.ts'
import type { Draw, WeightedComponent } from '../mixture/draw.ts'
import type { ConditionOptions, Embedding, Mixture } from '../mixture/mixture.ts'
import type { Random } from '../random/random.ts'
import { shuffle } from '../random/shuffle.ts'
import { systematicCounts } from '../random/systematic-counts.ts'

/** `systematic`: every component as often as its weight says, give or take one. `independent`: as by rolling dice. */
export type DrawMethod = 'systematic' | 'independent'

export interface PlanDrawsOptions extends ConditionOptions {
  readonly random: Random
  /** Draws for this input, ≥ 0. */
  readonly count: number
  /** Default `systematic`. */
  readonly method?: DrawMethod
  /** L, components in one prompt. Default 1. */
  readonly pairs?: number
  /**
   * Where the systematic grid starts, in [0, 1). Default: one number of `random`. Spread over a list of inputs
   * (see `startOfInput`) it keeps the variance low even with one draw an input.
   */
  readonly start?: number
}

/**
 * The draws for one input, in random order. Systematic sampling (Madow 1949) leaves each draw's distribution
 * as it is and takes out most of the variance of the counts. For L > 1 each place in the prompt is a
 * systematic sample of its own. `given` draws members of a group: weights and probabilities are those within it.
 * @throws InvalidArgumentError for a count or `pairs` that is none, and for an unknown attribute or value in `given`.
 */
export function planDraws(mixture: Mixture, x: Embedding, options: PlanDrawsOptions): Draw[] {
  const { random, count, method = 'systematic', pairs: length = 1, given } = options
  if (!Number.isInteger(count) || count < 0) {
    throw new InvalidArgumentError({ argument: 'count', expected: 'an integer ≥ 0', found: count })
  }
  if (!Number.isInteger(length) || length < 1) {
    throw new InvalidArgumentError({ argument: 'pairs', expected: 'an integer ≥ 1', found: length })
  }
  if (method === 'independent') {
    return Array.from({ length: count }, () => mixture.draw(x, { random, pairs: length, given }))
  }
  const weights = mixture.logComponentWeights(x, { given }).map(Math.exp)
  const width = Math.max(1, mixture.exemplars.length)
  const places = Array.from({ length }, (_, place) => {
    const start = options.start === undefined ? random.next() : (options.start + place / length) % 1
    const counts = systematicCounts({ next: () => start, fork: () => random }, weights, count)
    const indices = Array.from(counts).flatMap((times, index) => Array<number>(times).fill(index))
    return shuffle(random, indices)
  })
  separate(places)
  return Array.from({ length: count }, (_, draw) =>
    mixture.drawOf(
      places.map((indices): WeightedComponent => {
        const index = indices[draw] as number
        return {
          persona: Math.floor(index / width),
          exemplar: mixture.exemplars.length === 0 ? -1 : index % width,
          weight: weights[index] as number,
        }
      }),
    ),
  )
}

/** The start of the grid for input number `index`: a low-discrepancy sequence (golden ratio) from `first`. */
export function startOfInput(first: number, index: number): number {
  return (first + index * 0.6180339887498949) % 1
}

/** Swaps repeats of one component within a draw against a later draw, where that helps. */
function separate(places: number[][]): void {
  for (const [place, indices] of places.entries()) {
    if (place === 0) continue
    const clashes = (draw: number, index: number): boolean =>
      places.slice(0, place).some((earlier) => earlier[draw] === index)
    // A clash that no draw could resolve is resolved by none later: without this a heavy component costs draws squared.
    const hopeless = new Set<string>()
    for (let draw = 0; draw < indices.length; draw += 1) {
      const index = indices[draw] as number
      if (!clashes(draw, index)) continue
      const clash = [index, ...places.slice(0, place).map((earlier) => earlier[draw])].join(' ')
      if (hopeless.has(clash)) continue
      const other = indices.findIndex((value, at) => !clashes(draw, value) && !clashes(at, index))
      if (other < 0) {
        hopeless.add(clash)
        continue
      }
      indices[draw] = indices[other] as number
      indices[other] = index
    }
  }
}
