import type { Random } from '../random/random.ts'
import { normal } from '../random/normal.ts'
import { shuffle } from '../random/shuffle.ts'
import type { GateObjective, GateRegularisation } from './gate-objective.ts'
import { type GatePointLayout, pointFunction } from './gate-point.ts'
import { breath, type FoundGate, type GateSearch } from './gate-search.ts'

/** Inputs of a batch at most; there are at least `looksInPass` batches. */
const mostInputs = 200
/**
 * Adam's first step length times √d′, by which a projection of a unit vector can move in a step, and the number of steps after which
 * steps are half as long; its decay rates, and what keeps its divisor from 0.
 */
const [firstMove, halfLife] = [0.39, 40]
const [meanDecay, squareDecay, smallest] = [0.9, 0.999, 1e-8]
/** Of a temperature's logit, which is to be able to cross the grid; d′ and encodings have no part in it. */
const firstTemperatureStep = 0.14
/** Standard deviation of the entries of the first W times √d: of x̃·g̃ it is then 0.04 / √d, near the constant gate. */
const startScale = 0.2
/** Of the running average of the points, which is what is judged: it is better than each of them, and less often luck. */
const averageDecay = 0.95
/** Looks at the validation records in a pass over the training inputs, and how many in a row may show nothing better. */
const looksInPass = 2
const patience = 3
const mostPasses = 30

/**
 * Adam (Kingma and Ba, 2015) on batches of training inputs in a seeded random order, from small random W near the constant gate. Nothing
 * but stopping early keeps W from overfitting: the running average of the points is judged twice in each pass, the best one returned,
 * and the search ends once three looks in a row have shown nothing better.
 *
 * @param train its precision is that of the steps; what is compared is `search.judge`.
 * @param norm root mean square length of the encodings, to which the start and the steps are scaled.
 */
export async function searchByBatches(
  search: GateSearch,
  train: GateObjective,
  regularisation: GateRegularisation,
  norm: number,
): Promise<FoundGate> {
  const { layout, constant, judge } = search
  const random = search.random.fork('batches')
  const start = startNear(constant, layout, norm, random.fork('start'))
  const climb = adam(layout, train, regularisation, norm, start)
  const best = { point: undefined as Float64Array | undefined, validation: search.constantValidation }
  const batches = Math.max(looksInPass, Math.ceil(train.inputs / mostInputs))
  const size = Math.ceil(train.inputs / batches)
  const looks = looksInPass * mostPasses
  let order = new Int32Array(0)
  let highest = -Infinity
  let idle = 0
  let steps = 0
  for (let look = 0; look < looks && idle < patience; look++) {
    await breath()
    const part = look % looksInPass
    if (part === 0) order = Int32Array.from(shuffle(random.fork(`pass ${look}`), range(train.inputs)))
    const first = Math.floor((part * batches) / looksInPass)
    const last = Math.floor(((part + 1) * batches) / looksInPass)
    let sum = 0
    for (let batch = first; batch < last; batch++) {
      search.signal?.throwIfAborted()
      sum += climb.step(order.subarray(batch * size, (batch + 1) * size))
    }
    steps += last - first
    const validation = judge(climb.average)
    const iterations = last - first
    search.path.push({ restart: 0, regularisation: 0, train: sum / iterations, validation, iterations })
    idle = validation > highest ? 0 : idle + 1
    highest = Math.max(highest, validation)
    if (validation > best.validation) Object.assign(best, { point: climb.average.slice(), validation })
    search.onProgress?.(idle < patience ? look + 1 : looks, looks)
  }
  return { ...best, regularisation: 0, strongest: 0, gradients: Math.ceil(steps / batches) }
}

function range(count: number): Iterable<number> {
  return new Int32Array(count).keys()
}

function startNear(
  constant: Float64Array,
  { d, dPrime }: GatePointLayout,
  norm: number,
  random: Random,
): Float64Array {
  const scale = startScale / (norm * Math.sqrt(d))
  return constant.map((value, index) => (index < 3 * d * dPrime ? scale * normal(random) : value))
}

interface Climb {
  /** Running average of the points. */
  readonly average: Float64Array
  /** A step on the records of these inputs; the objective on them before it. */
  step(batch: Int32Array): number
}

function adam(
  layout: GatePointLayout,
  train: GateObjective,
  regularisation: GateRegularisation,
  norm: number,
  point: Float64Array,
): Climb {
  const firstStep = firstMove / (norm * Math.sqrt(layout.dPrime))
  const average = point.slice()
  const gradient = new Float64Array(point.length)
  const means = new Float64Array(point.length)
  const squares = new Float64Array(point.length)
  const projections = 3 * layout.d * layout.dPrime
  let steps = 0
  return {
    average,
    step(batch) {
      const value = -pointFunction(layout, train, regularisation, batch)(point, gradient)
      steps++
      const decay = 1 / (1 + steps / halfLife)
      const meanScale = 1 / (1 - meanDecay ** steps)
      const squareScale = 1 / (1 - squareDecay ** steps)
      // The first points are averaged equally.
      const share = Math.max(1 - averageDecay, 1 / (1 + steps))
      for (let index = 0; index < point.length; index++) {
        const slope = gradient[index] as number
        const mean = meanDecay * (means[index] as number) + (1 - meanDecay) * slope
        const square = squareDecay * (squares[index] as number) + (1 - squareDecay) * slope * slope
        means[index] = mean
        squares[index] = square
        const step =
          (decay * (index < projections ? firstStep : firstTemperatureStep) * meanScale * mean) /
          (Math.sqrt(squareScale * square) + smallest)
        const moved = (point[index] as number) - step
        point[index] = moved
        average[index] = (average[index] as number) + share * (moved - (average[index] as number))
      }
      return value
    },
  }
}
