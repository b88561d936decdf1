import { minimiseLbfgs } from '../numeric/lbfgs.ts'
import {
  type Encodings,
  type GateObjective,
  type GateRegularisation,
  noRegularisation,
} from './gate-objective.ts'
import { gateAt, pointFunction } from './gate-point.ts'
import { breath, type FoundGate, type GateSearch } from './gate-search.ts'
import { similarityProjection, spectralStart, type SpectralStart } from './gate-starts.ts'

const defaultFractions = [0.6, 0.36, 0.22, 0.13, 0.08, 0.05, 0.03]
const similarityScales = [1, 3, 10, 30, 100].map(Math.sqrt)
/** A restart's path ends once so many steps have not improved its validation value. */
const stepPatience = 2
const iterationPatience = 8
/** A step ends where an iteration adds less than this fraction of what has been gained over the constant gate. */
const smallestGain = 2e-3
const spectralPasses = 8

export interface PathOptions {
  /** λ from strong to weak. Default fractions of the λ from which the constant gate is optimal. */
  readonly strengths?: readonly number[] | undefined
  readonly restarts: number
  /** For each λ. */
  readonly maxIterations: number
  /** Of inputs, personas and exemplars. */
  readonly encodings: readonly Encodings[]
}

/**
 * L-BFGS along a path of λ from strong (where the constant gate is optimal) to weak with warm starts; the point with the best
 * validation value anywhere along it.
 *
 * @param regularisation of the temperatures; the path has its own λ.
 */
export async function searchAlongPath(
  search: GateSearch,
  train: GateObjective,
  regularisation: GateRegularisation,
  options: PathOptions,
): Promise<FoundGate> {
  const { layout, constant, judge, random, path } = search
  const { restarts, maxIterations } = options
  const size = layout.d * layout.dPrime
  const constantTrain = train.evaluate(search.baseline, noRegularisation).logLikelihood
  search.signal?.throwIfAborted()
  const spectrum = spectralStart(layout, train, constant, random.fork('spectrum'), spectralPasses)
  const strongest = Math.max(1e-12, ...spectrum.eigenvalues)
  const strengths = options.strengths ?? defaultFractions.map((fraction) => fraction * strongest)
  const best = {
    point: undefined as Float64Array | undefined,
    validation: search.constantValidation,
    regularisation: 0,
  }
  let gradients = spectralPasses
  let done = 0
  const total = restarts * strengths.length
  for (let restart = 0; restart < restarts; restart++) {
    let point = startOf(restart, search, train, options.encodings)
    let bestOfRestart = -Infinity
    let idle = 0
    const from = restart === 0 ? 0 : Math.floor(strengths.length / 3)
    for (const strength of strengths.slice(from)) {
      await breath()
      search.signal?.throwIfAborted()
      if (restart === 0) point = reawaken(point, spectrum, strength, size)
      const visit = (at: Float64Array): number => {
        const value = judge(at)
        if (value > best.validation) {
          Object.assign(best, { point: at.slice(), validation: value, regularisation: strength })
        }
        return value
      }
      let bestOfStep = visit(point)
      let worse = 0
      let before = Infinity
      const result = minimiseLbfgs(
        pointFunction(layout, train, { ...regularisation, projections: strength }),
        point,
        {
          maxIterations,
          onIteration: (_iteration, at, reached) => {
            search.signal?.throwIfAborted()
            const value = visit(at)
            worse = value > bestOfStep ? 0 : worse + 1
            bestOfStep = Math.max(bestOfStep, value)
            const small = before - reached < smallestGain * Math.max(1e-6, -constantTrain - reached)
            before = reached
            return worse >= iterationPatience || small
          },
        },
      )
      gradients += result.evaluations
      point = result.point
      const reached = gateAt(layout, point)
      path.push({
        restart,
        regularisation: strength,
        train: train.evaluate(reached, noRegularisation).logLikelihood,
        validation: bestOfStep,
        iterations: result.iterations,
      })
      search.onProgress?.(++done, total)
      idle = bestOfStep > bestOfRestart ? 0 : idle + 1
      bestOfRestart = Math.max(bestOfRestart, bestOfStep)
      if (idle >= stepPatience) break
    }
    done = (restart + 1) * strengths.length
    search.onProgress?.(done, total)
  }
  return { ...best, strongest: Math.max(...strengths), gradients }
}

/** Where a restart begins; the similarity kernel's and random projections' scale is the best on the training records. */
function startOf(
  restart: number,
  { layout, constant, random: ofSearch }: GateSearch,
  train: GateObjective,
  encodings: readonly Encodings[],
): Float64Array {
  if (restart === 0) return constant
  const { d, dPrime } = layout
  const random = ofSearch.fork(`restart ${restart}`)
  const some = encodings.filter(({ rows }) => rows > 0)
  const projection = similarityProjection(some, d, random, restart === 1 ? 6 : 0)
  let best = { point: constant, value: -Infinity }
  for (const scale of similarityScales) {
    const point = constant.slice()
    for (let index = 0; index < 3 * d * dPrime; index++) {
      point[index] = scale * (projection[index % (d * dPrime)] as number)
    }
    const value = train.evaluate(gateAt(layout, point), noRegularisation).logLikelihood
    if (value > best.value) best = { point, value }
  }
  return best.point
}

/** Rows of W that a stronger λ held at zero cannot leave it by themselves: each gets a small step along its direction. */
function reawaken(
  point: Float64Array,
  spectrum: SpectralStart,
  strength: number,
  size: number,
): Float64Array {
  const { eigenvalues, directions } = spectrum
  const woken = point.slice()
  const dPrime = size / eigenvalues.length
  for (let index = 0; index < 3 * size; index++) {
    const eigenvalue = eigenvalues[Math.floor((index % size) / dPrime)] as number
    const step = eigenvalue > strength ? 0.1 : 0
    woken[index] = (woken[index] as number) + step * (directions[index] as number)
  }
  return woken
}
