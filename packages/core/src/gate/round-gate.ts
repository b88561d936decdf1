import type { Matrix } from '../numeric/matrix.ts'
import type { ProjectedGate } from './projected-gate.ts'

/** The gate with every number rounded to float32, as artifacts store it: what is saved is then what was used. */
export function roundGate(gate: ProjectedGate): ProjectedGate {
  return {
    d: gate.d,
    dPrime: gate.dPrime,
    wx: rounded(gate.wx),
    personas: roundedMatrix(gate.personas),
    exemplars: roundedMatrix(gate.exemplars),
    personaOffsets: rounded(gate.personaOffsets),
    exemplarOffsets: rounded(gate.exemplarOffsets),
    logTemperatures: rounded(gate.logTemperatures),
  }
}

function rounded(values: Float64Array): Float64Array {
  return Float64Array.from(values, Math.fround)
}

function roundedMatrix(source: Matrix): Matrix {
  return { ...source, data: rounded(source.data) }
}
