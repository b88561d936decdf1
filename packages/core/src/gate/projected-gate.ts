import { InvalidArgumentError } from '../errors/invalid-argument-error.ts'
import { dot } from '../numeric/dot.ts'
import { multiply } from '../numeric/gemm.ts'
import type { KernelName } from '../numeric/kernel.ts'
import type { Matrix } from '../numeric/matrix.ts'
import { assertGateParameters, type GateParameters } from './gate-parameters.ts'

/**
 * A gate with its personas and exemplars already projected: what a mixture keeps. It needs the encoder's
 * vectors of inputs only.
 */
export interface ProjectedGate {
  readonly d: number
  readonly dPrime: number
  /** W_x, row-major d × d′. */
  readonly wx: Float64Array
  /** g̃, K × d. */
  readonly personas: Matrix
  /** ẽ, J × d. */
  readonly exemplars: Matrix
  /** a, K values. */
  readonly personaOffsets: Float64Array
  /** b, J values. */
  readonly exemplarOffsets: Float64Array
  /** log τ, K values; a single one where K = 0. */
  readonly logTemperatures: Float64Array
}

/** Projects encoded personas (`hg`, K × d′) and exemplars (`he`, J × d′). `kernel` forces what the products run on. */
export function projectGate(
  parameters: GateParameters,
  hg: Matrix<Float64Array | Float32Array>,
  he: Matrix<Float64Array | Float32Array>,
  options: { readonly kernel?: KernelName } = {},
): ProjectedGate {
  assertGateParameters(parameters)
  const { d, dPrime, wx, wg, we, personaOffsets, exemplarOffsets, logTemperatures } = parameters
  for (const [argument, encoded, rows] of [
    ['hg', hg, personaOffsets.length],
    ['he', he, exemplarOffsets.length],
  ] as const) {
    if (encoded.rows !== rows || (rows > 0 && encoded.columns !== dPrime)) {
      throw new InvalidArgumentError({
        argument,
        expected: `${rows} x ${dPrime}`,
        found: `${encoded.rows} x ${encoded.columns}`,
      })
    }
  }
  const project = (encoded: Matrix<Float64Array | Float32Array>, weights: Float64Array): Matrix =>
    encoded.rows === 0
      ? { rows: 0, columns: d, data: new Float64Array(0) }
      : multiply(encoded, { rows: d, columns: dPrime, data: weights }, { transposeB: true, ...options })
  return {
    d,
    dPrime,
    wx,
    personas: project(hg, wg),
    exemplars: project(he, we),
    personaOffsets,
    exemplarOffsets,
    logTemperatures,
  }
}

/** x̃ = W_x h(x), for one encoded input of length d′. */
export function projectInput(
  gate: Pick<ProjectedGate, 'd' | 'dPrime' | 'wx'>,
  hx: Float64Array | Float32Array,
): Float64Array {
  if (hx.length !== gate.dPrime) {
    throw new InvalidArgumentError({
      argument: 'hx',
      expected: `of length ${gate.dPrime}`,
      found: `length ${hx.length}`,
      remedy: 'Encode the input with the encoder the gate was fitted with.',
    })
  }
  const projected = new Float64Array(gate.d)
  for (let row = 0; row < gate.d; row++) projected[row] = dot(gate.wx, hx, gate.dPrime, row * gate.dPrime)
  return projected
}
