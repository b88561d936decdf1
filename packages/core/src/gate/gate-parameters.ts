import { InvalidArgumentError } from '../errors/invalid-argument-error.ts'

/**
 * θ of METHOD section 2: the three projections W_x, W_g, W_e (row-major, d × d′) and log τ_k, with two vectors of ours:
 * log-weights of a constant gate, a_k over personas and b_j over exemplars, added to the logits. All zero is exactly the paper's
 * gate; with W = 0 the gate IS the constant gate, so that shrinking W shrinks to it.
 */
export interface GateParameters {
  /** d, the rank. */
  readonly d: number
  /** d′, the encoder's dimension. */
  readonly dPrime: number
  /** W_x, d · d′ values. */
  readonly wx: Float64Array
  /** W_g, d · d′ values. */
  readonly wg: Float64Array
  /** W_e, d · d′ values. */
  readonly we: Float64Array
  /** a_k, K values. Empty for a gate without personas. */
  readonly personaOffsets: Float64Array
  /** b_j, J values. Empty for a gate without exemplars. */
  readonly exemplarOffsets: Float64Array
  /** log τ_k, K values; a single one where K = 0. */
  readonly logTemperatures: Float64Array
}

/** The constant gate: W = 0, weights softmax(a) and softmax(b), one temperature τ₀ for all personas. */
export function constantGate(options: {
  d: number
  dPrime: number
  personaOffsets: Float64Array
  exemplarOffsets: Float64Array
  /** τ₀ > 0. */
  temperature: number
}): GateParameters {
  const { d, dPrime, personaOffsets, exemplarOffsets, temperature } = options
  if (!(temperature > 0 && temperature < Infinity)) {
    throw new InvalidArgumentError({ argument: 'temperature', expected: 'positive', found: temperature })
  }
  return {
    d,
    dPrime,
    wx: new Float64Array(d * dPrime),
    wg: new Float64Array(d * dPrime),
    we: new Float64Array(d * dPrime),
    personaOffsets: Float64Array.from(personaOffsets),
    exemplarOffsets: Float64Array.from(exemplarOffsets),
    logTemperatures: new Float64Array(Math.max(1, personaOffsets.length)).fill(Math.log(temperature)),
  }
}

/** Throws InvalidArgumentError where a length disagrees with d, d′ and K. */
export function assertGateParameters(parameters: GateParameters): void {
  const { d, dPrime } = parameters
  const expected: [keyof GateParameters, number][] = [
    ['wx', d * dPrime],
    ['wg', d * dPrime],
    ['we', d * dPrime],
    ['logTemperatures', Math.max(1, parameters.personaOffsets.length)],
  ]
  for (const [name, length] of expected) {
    const found = (parameters[name] as Float64Array).length
    if (found !== length) {
      throw new InvalidArgumentError({
        argument: name,
        expected: `of length ${length}`,
        found: `length ${found}`,
      })
    }
  }
}
