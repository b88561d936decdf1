import type { GateData } from '../../../packages/core/src/fit/gate-data.ts'
import type { GateFitProblem } from '../../../packages/core/src/fit/fit-gate.ts'
import { createRandom } from '@mop/core'
import { normal } from '../../../packages/core/src/random/normal.ts'
import { syntheticGateProblem } from '../synthetic-gate-problem.ts'
import { type ArrayFiles, readArray, readMatrix, sizeOf, writeArray } from './array-files.ts'

const parts = ['train', 'validation', 'test'] as const

/**
 * A synthetic population with a known gate, every record with an input of its own, and a point at which to take the gradient, rows W_x,
 * W_g, W_e: `hx.f32`, `hg.f32`, `he.f32`, `point.f64`, and of each part its candidates.
 */
export function writeGateProblem(files: ArrayFiles): void {
  const size = (name: string) => sizeOf(files, name)
  const [dimension, rank] = [size('dimension'), size('rank')]
  const problem = syntheticGateProblem({
    records: size('records'),
    validationRecords: size('validationRecords'),
    inputs: size('records') + 2 * size('validationRecords'),
    personas: size('personas'),
    exemplars: size('exemplars'),
    dimension,
    pairs: size('pairs'),
    seed: 'originals',
    freshInputs: true,
  })
  writeArray(files, 'hx.f32', Float32Array.from(problem.hx.data))
  writeArray(files, 'hg.f32', Float32Array.from(problem.hg.data))
  writeArray(files, 'he.f32', Float32Array.from(problem.he.data))
  const random = createRandom('point')
  const point = Float64Array.from(
    { length: 3 * rank * dimension },
    () => (0.5 * normal(random)) / Math.sqrt(rank),
  )
  writeArray(files, 'point.f64', point)
  for (const part of parts) {
    const { inputs, persona, exemplar, logLikelihood } = problem[part]
    writeArray(files, `${part}-inputs.i32`, inputs)
    writeArray(files, `${part}-persona.i32`, persona)
    writeArray(files, `${part}-exemplar.i32`, exemplar)
    writeArray(files, `${part}-log-likelihood.f64`, logLikelihood)
  }
}

/** The same, as our fit takes it. All records have equally many candidates, drawn with equal probability. */
export function readGateProblem(files: ArrayFiles): GateFitProblem & { readonly test: GateData } {
  const size = (name: string) => sizeOf(files, name)
  const [personas, exemplars, pairs, dimension] = [
    size('personas'),
    size('exemplars'),
    size('pairs'),
    size('dimension'),
  ]
  const inclusion = pairs / (Math.max(1, personas) * Math.max(1, exemplars))
  const part = (name: (typeof parts)[number]): GateData => {
    const inputs = readArray(files, `${name}-inputs.i32`)
    const logLikelihood = readArray(files, `${name}-log-likelihood.f64`)
    return {
      inputs,
      rowStart: Int32Array.from({ length: inputs.length + 1 }, (_, record) => record * pairs),
      persona: readArray(files, `${name}-persona.i32`),
      exemplar: readArray(files, `${name}-exemplar.i32`),
      logLikelihood,
      offset: new Float64Array(logLikelihood.length).fill(-Math.log(inclusion)),
    }
  }
  return {
    train: part('train'),
    validation: part('validation'),
    test: part('test'),
    hx: readMatrix(files, 'hx.f32', dimension),
    hg: readMatrix(files, 'hg.f32', dimension),
    he: readMatrix(files, 'he.f32', dimension),
    temperatures: [1],
    personaOffsets: new Float64Array(personas).fill(-Math.log(Math.max(1, personas))),
    exemplarOffsets: new Float64Array(exemplars).fill(-Math.log(Math.max(1, exemplars))),
    temperature: 1,
  }
}
