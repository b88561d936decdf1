import type { GateParameters } from '../gate/gate-parameters.ts'
import type { Random } from '../random/random.ts'
import type { GatePointLayout } from './gate-point.ts'

export interface GatePathStep {
  readonly restart: number
  /** λ; 0 for a search by batches. */
  readonly regularisation: number
  /** Weighted mean log-likelihood of the training records where the step ended; of a search by batches, mean over the batches' own. */
  readonly train: number
  /** Best of the validation records during the step. */
  readonly validation: number
  readonly iterations: number
}

/** What both ways to look for a gate are given. */
export interface GateSearch {
  readonly layout: GatePointLayout
  /** W = 0 and τ = τ₀, or near it where τ₀ is an end of the grid. */
  readonly constant: Float64Array
  /** The constant gate itself. */
  readonly baseline: GateParameters
  readonly constantValidation: number
  /** Mean log-likelihood of the validation records. */
  readonly judge: (point: Float64Array) => number
  /** Takes the steps as they end. */
  readonly path: GatePathStep[]
  readonly random: Random
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((done: number, total: number) => void) | undefined
}

export interface FoundGate {
  /** Of the best validation value; undefined where none was above the constant gate's. */
  readonly point: Float64Array | undefined
  readonly validation: number
  /** λ where it was found. */
  readonly regularisation: number
  /** The strongest λ of the search. */
  readonly strongest: number
  /** Calls for a gradient over all training records, or as many records. */
  readonly gradients: number
}

/** Gives timers, input and signals their turn: a step may take seconds. */
export function breath(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 0)
  })
}
