import { InvalidArgumentError, type Random, shuffle, uniformInt } from '@mop/core'

/** The items of each unit, such as the answers of each respondent, in order of first appearance. */
export type Units = readonly (readonly number[])[]

/**
 * Groups items by label; without labels each is a unit of its own.
 *
 * @throws InvalidArgumentError where there is not one label per item.
 */
export function unitsOf(argument: string, size: number, labels?: readonly (string | number)[]): Units {
  if (labels === undefined) return Array.from({ length: size }, (_, item) => [item])
  if (labels.length !== size) {
    throw new InvalidArgumentError({
      argument,
      expected: `one label for each of the ${size} items`,
      found: labels.length,
    })
  }
  const units = new Map<string | number, number[]>()
  labels.forEach((label, item) => {
    const unit = units.get(label)
    if (unit === undefined) units.set(label, [item])
    else unit.push(item)
  })
  return [...units.values()]
}

/** How often each of `size` items comes when as many units as there are get drawn with replacement. */
export function resampledWeights(random: Random, units: Units, size: number): Float64Array {
  const weights = new Float64Array(size)
  for (let draw = 0; draw < units.length; draw++) {
    for (const item of units[uniformInt(random, units.length)] as readonly number[]) {
      weights[item] = (weights[item] as number) + 1
    }
  }
  return weights
}

/** The items of two random halves of the units, the first the smaller where their number is odd. */
export function halves(random: Random, units: Units): readonly [readonly number[], readonly number[]] {
  const order = shuffle(random, units)
  const middle = Math.floor(order.length / 2)
  return [order.slice(0, middle).flat(), order.slice(middle).flat()]
}

/** Each item as often as its weight, a natural number, says. */
export function repeated(weights: Float64Array): number[] {
  const items: number[] = []
  weights.forEach((weight, item) => {
    for (let copy = 0; copy < weight; copy++) items.push(item)
  })
  return items
}
