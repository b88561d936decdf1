import { InvalidArgumentError } from '../errors/invalid-argument-error.ts'
import type { Exemplar } from '../exemplar/exemplar.ts'
import { logComponentWeights } from '../gate/log-component-weights.ts'
import { exemplarScores, logExemplarWeights } from '../gate/log-exemplar-weights.ts'
import { logPersonaWeights } from '../gate/log-persona-weights.ts'
import { type ProjectedGate, projectInput } from '../gate/projected-gate.ts'
import { logSumExp } from '../numeric/log-sum-exp.ts'
import { logSoftmax } from '../numeric/softmax.ts'
import type { Persona } from '../persona/persona.ts'
import { categorical } from '../random/categorical.ts'
import type { Random } from '../random/random.ts'
import type { SeenRecords } from '../record/seen-records.ts'
import { type AttributeTable, type GroupCondition, logGroupLikelihood } from './attribute-table.ts'
import type { ComponentIndex, Draw, WeightedComponent } from './draw.ts'

/** h(x): the encoder's unit vector of an input, length d′. */
export type Embedding = Float32Array | Float64Array

/** How a mixture came to be. Names the language model that scored it, on which it does not depend. */
export interface MixtureProvenance {
  readonly scorer: string
  readonly template: string
  /** Records it was fitted on. */
  readonly records: number
  readonly seed: string
  /** Digests of the records it was fitted and chosen on (training and validation part): those it cannot be judged on. Absent in older files. */
  readonly seen?: SeenRecords | undefined
}

/** The encoder a gate was learned with. `state` is whatever rebuilds it (JSON), where it was itself fitted on records. */
export interface EncoderReference {
  readonly id: string
  readonly dimension: number
  readonly state?: unknown
}

export interface MixtureParts {
  /** K ≥ 1. An empty text stands for "no persona in the prompt". */
  readonly personas: readonly Persona[]
  /** J ≥ 0. */
  readonly exemplars: readonly Exemplar[]
  readonly gate: ProjectedGate
  readonly encoder: EncoderReference
  readonly provenance: MixtureProvenance
  /** How attributes are spread within the personas; default none. What a draw can be conditioned on. */
  readonly attributes?: readonly AttributeTable[] | undefined
}

export interface ConditionOptions {
  /**
   * Only members of this group: π_k(x) becomes π_k(x) P(group | persona k), renormalised (METHOD section 7).
   * An attribute or value that the mixture does not know throws InvalidArgumentError.
   */
  readonly given?: GroupCondition | undefined
}

export interface MaskOptions {
  /** Exemplars that must not be used, such as the respondent's own; the others are renormalised. */
  readonly masked?: readonly number[]
}

export interface DrawOptions extends MaskOptions, ConditionOptions {
  readonly random: Random
  /** L, how many components share one prompt (persona mixing, METHOD section 6). Default 1. */
  readonly pairs?: number
  /** Fixes the persona instead of drawing it; `probability` is then given that persona. */
  readonly persona?: number
}

/**
 * p(y | x) = Σ_k π_k(x) Σ_j Ω_kj(x) p^{τ_k}(y | g_k, e_j, x): a fitted mixture of personas. Immutable.
 * Its methods take the embedding of an input; `bindEncoder(mixture, encoder)` gives the same methods on texts.
 */
export class Mixture {
  readonly personas: readonly Persona[]
  readonly exemplars: readonly Exemplar[]
  readonly gate: ProjectedGate
  readonly encoder: EncoderReference
  readonly provenance: MixtureProvenance
  readonly attributes: readonly AttributeTable[]
  /** τ_k, K values. */
  readonly temperatures: Float64Array

  /** @throws InvalidArgumentError where counts of personas, exemplars and gate disagree. */
  constructor(parts: MixtureParts) {
    const { personas, exemplars, gate, attributes = [] } = parts
    const shapes: [string, number, number][] = [
      ['personas', personas.length, gate.personas.rows],
      ['exemplars', exemplars.length, gate.exemplars.rows],
      ['encoder.dimension', parts.encoder.dimension, gate.dPrime],
      ...attributes.map(({ name, values, probabilities }): [string, number, number] => [
        `attributes.${name}.probabilities`,
        probabilities.length,
        personas.length * values.length,
      ]),
    ]
    for (const [argument, found, expected] of shapes) {
      if (found !== expected)
        throw new InvalidArgumentError({ argument, expected: `${expected}, as in the gate`, found })
    }
    if (personas.length === 0) {
      throw new InvalidArgumentError({ argument: 'personas', expected: 'at least one', found: 'none' })
    }
    this.personas = Object.freeze([...personas])
    this.exemplars = Object.freeze([...exemplars])
    this.gate = gate
    this.encoder = parts.encoder
    this.provenance = parts.provenance
    this.attributes = Object.freeze([...attributes])
    this.temperatures = gate.logTemperatures.map(Math.exp)
  }

  /** π(x), K values that sum to 1; within a group with `given`. */
  personaWeights(x: Embedding, options: ConditionOptions = {}): Float64Array {
    return this.#personaChoice(projectInput(this.gate, x), options).map(Math.exp)
  }

  /** Ω_k·(x), J values that sum to 1; empty where the mixture has no exemplars. */
  exemplarWeights(x: Embedding, persona: number, options: MaskOptions = {}): Float64Array {
    return logExemplarWeights(this.gate, projectInput(this.gate, x), persona, options).map(Math.exp)
  }

  /** log π_k(x) + log Ω_kj(x), K · max(1, J) values, row k. */
  logComponentWeights(x: Embedding, options: MaskOptions & ConditionOptions = {}): Float64Array {
    const projected = projectInput(this.gate, x)
    const logPersonas = this.#personaChoice(projected, options)
    return logComponentWeights(this.gate, projected, options.masked, logPersonas)
  }

  /** Draws c ~ π(x), then j ~ Ω_c(x), L times (METHOD section 6); for L > 1 no component twice while others are left. */
  draw(x: Embedding, options: DrawOptions): Draw {
    const { random, pairs: length = 1, masked } = options
    if (!Number.isInteger(length) || length < 1) {
      throw new InvalidArgumentError({ argument: 'pairs', expected: 'an integer ≥ 1', found: length })
    }
    const projected = projectInput(this.gate, x)
    const personaWeights = this.#personaChoice(projected, options).map(Math.exp)
    const scores = this.exemplars.length === 0 ? undefined : exemplarScores(this.gate, projected)
    const exemplarWeights = new Map<number, Float64Array>()
    const pairs: WeightedComponent[] = []
    let attempts = 0
    while (pairs.length < length) {
      const persona = categorical(random, personaWeights)
      let exemplar = -1
      let weight = personaWeights[persona] as number
      if (scores !== undefined) {
        let weights = exemplarWeights.get(persona)
        if (weights === undefined) {
          const mask = masked === undefined ? {} : { masked }
          weights = logExemplarWeights(this.gate, projected, persona, { ...mask, scores }).map(Math.exp)
          exemplarWeights.set(persona, weights)
        }
        exemplar = categorical(random, weights)
        weight *= weights[exemplar] as number
      }
      attempts += 1
      const repeated = pairs.some((pair) => pair.persona === persona && pair.exemplar === exemplar)
      if (repeated && attempts < 100 * length) continue
      pairs.push({ persona, exemplar, weight })
    }
    return this.drawOf(pairs)
  }

  /** The draw that consists of these components: its temperature and probability. */
  drawOf(pairs: readonly WeightedComponent[]): Draw {
    const logTemperature = pairs.reduce(
      (sum, pair) => sum + Math.log(this.temperatures[pair.persona] as number),
      0,
    )
    return {
      pairs,
      temperature:
        pairs.length === 1
          ? (this.temperatures[pairs[0]?.persona ?? 0] as number)
          : Math.exp(logTemperature / pairs.length),
      probability: pairs.reduce((product, pair) => product * pair.weight, 1),
    }
  }

  /** The M components of largest weight for this input, heaviest first. */
  top(x: Embedding, count: number, options: MaskOptions & ConditionOptions = {}): WeightedComponent[] {
    const width = Math.max(1, this.exemplars.length)
    const logWeights = this.logComponentWeights(x, options)
    return Array.from(logWeights.keys())
      .sort((a, b) => (logWeights[b] as number) - (logWeights[a] as number) || a - b)
      .slice(0, count)
      .map((index) => ({
        persona: Math.floor(index / width),
        exemplar: this.exemplars.length === 0 ? -1 : index % width,
        weight: Math.exp(logWeights[index] as number),
      }))
  }

  /**
   * P(component | x, y) of a response whose log-likelihood is known under some components (METHOD section 7):
   * r ∝ π_k(x) Ω_kj(x) p(y | …) over the given components, and summed over exemplars for each persona.
   * @throws InvalidArgumentError where every component has probability 0.
   */
  responsibilities(
    x: Embedding,
    scored: readonly (ComponentIndex & { readonly logLikelihood: number })[],
    options: MaskOptions = {},
  ): { readonly components: Float64Array; readonly personas: Float64Array } {
    const width = Math.max(1, this.exemplars.length)
    const logWeights = this.logComponentWeights(x, options)
    const joint = Float64Array.from(
      scored,
      ({ persona, exemplar, logLikelihood }) =>
        (logWeights[persona * width + Math.max(0, exemplar)] as number) + logLikelihood,
    )
    const total = logSumExp(joint)
    if (total === -Infinity) {
      throw new InvalidArgumentError({
        argument: 'scored',
        expected: 'likely under at least one component',
        found: `${scored.length} components, all of probability 0`,
      })
    }
    const components = joint.map((value) => Math.exp(value - total))
    const personas = new Float64Array(this.personas.length)
    for (const [index, { persona }] of scored.entries()) {
      personas[persona] = (personas[persona] as number) + (components[index] as number)
    }
    return { components, personas }
  }

  /** log of the weights that a persona is drawn by. */
  #personaChoice(
    projected: Float64Array,
    { persona, given }: ConditionOptions & { readonly persona?: number | undefined },
  ): Float64Array {
    if (persona === undefined) {
      const logWeights = logPersonaWeights(this.gate, projected)
      if (given === undefined) return logWeights
      const logGroup = logGroupLikelihood(this.attributes, given, this.personas.length)
      for (const [k, value] of logGroup.entries()) logWeights[k] = (logWeights[k] as number) + value
      if (logSumExp(logWeights) > -Infinity) return logSoftmax(logWeights, logWeights)
      throw new InvalidArgumentError({
        argument: 'given',
        expected: 'a group of which some persona has members',
        found: JSON.stringify(given),
      })
    }
    if (!Number.isInteger(persona) || persona < 0 || persona >= this.personas.length) {
      throw new InvalidArgumentError({
        argument: 'persona',
        expected: `an index below ${this.personas.length}`,
        found: persona,
      })
    }
    const fixed = new Float64Array(this.personas.length).fill(-Infinity)
    fixed[persona] = 0
    return fixed
  }
}
