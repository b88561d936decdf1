import type { ProjectedGate } from '../gate/projected-gate.ts'
import { axpy } from '../numeric/axpy.ts'
import { dot } from '../numeric/dot.ts'
import { exponentials } from '../numeric/exponentials.ts'
import { multiply } from '../numeric/gemm.ts'
import type { KernelName } from '../numeric/kernel.ts'
import type { Matrix } from '../numeric/matrix.ts'

/**
 * log Ω of a block of inputs and its derivatives. With S_uj = x̃_u·ẽ_j and P_kj = g̃_k·ẽ_j + b_j, the normaliser
 * Σ_j exp(S_uj + P_kj) = e^{max S + max P} Σ_j A_uj B_kj, A = exp(S − max), B = exp(P − max): one dot product. Those of a
 * block are the product A·Bᵀ, and with Q the shares over these sums its derivatives are Q·B and Qᵀ·A. Where a sum is below
 * 1e-200, or masking removes more than 0.9 of it, the record's normaliser is computed term by term in log space: each of the J terms
 * that underflowed or were cancelled is below 1e-307, so that a sum kept is true to J · 1e-107.
 */
export interface ExemplarSoftmax {
  begin(gate: ProjectedGate): void
  prepare(block: Matrix): void
  /** Starts a record of the block's input `row`; `masked` exemplars leave its softmax. */
  open(row: number, masked: readonly number[]): void
  /** log Ω_kj of the open record; −Infinity for a masked exemplar. */
  logWeight(persona: number, exemplar: number): number
  /** Adds `share` · log Ω_kj of the open record to what is differentiated; after its `logWeight`. */
  add(persona: number, exemplar: number, share: number): void
  /** Ends a record that was added to. */
  close(): void
  /** Adds the block's derivatives by x̃ and ẽ, after its last record. */
  backward(block: Matrix, inputGradient: Float64Array, exemplarGradient: Float64Array): void
  /** Adds the derivatives through P, after the last block. */
  finish(sums: {
    readonly personas: Float64Array
    readonly exemplars: Float64Array
    readonly exemplarOffsets: Float64Array
  }): void
}

/** Below this the sum of products may have lost terms to underflow. */
const smallestSum = 1e-200
/** A record whose masked exemplars hold more than this share of the sum is computed without subtracting. */
const largestMaskedShare = 0.9

export function createExemplarSoftmax(options: {
  /** Inputs of a block. */
  readonly rows: number
  /** Whether records have candidates of most personas, so that all normalisers are computed, as products of matrices. */
  readonly dense: boolean
  readonly K: number
  readonly J: number
  readonly kernel: { readonly kernel?: KernelName }
}): ExemplarSoftmax {
  const { rows: capacity, dense, J, kernel } = options
  /** Without personas one row of P holds b alone. */
  const K = Math.max(1, options.K)
  const inputLogits = new Float64Array(capacity * J)
  const inputFactors = new Float64Array(capacity * J)
  const inputSlopes = new Float64Array(capacity * J)
  const inputMaxima = new Float64Array(capacity)
  const personaMaxima = new Float64Array(K)
  const pairFactors = new Float64Array(K * J)
  const pairs = { rows: K, columns: J, data: pairFactors }
  /** Derivatives by P. */
  const pairSlopes = new Float64Array(K * J)
  /** Σ_u quotients_uk A_uj. */
  const pairSums = new Float64Array(K * J)
  const sums = new Float64Array(capacity * K)
  /** Σ of shares over normaliser sums, by input and persona. */
  const quotients = new Float64Array(capacity * K)
  /** Q·B, where `dense`. */
  const mixtures = new Float64Array(dense ? capacity * J : 0)
  const scratch = new Float64Array(J)
  let pairLogits = new Float64Array(0)
  let gate: ProjectedGate
  let row = 0
  let masked: readonly number[] = []
  /** Of the open record, where `recordOf` names it: log Σ_j over unmasked exemplars, and Σ_j A B, or 0 where it is computed term by term. */
  const recordOf = new Float64Array(K)
  const logNormalisers = new Float64Array(K)
  const ownSums = new Float64Array(K)
  const shares = new Float64Array(K)
  let record = 0

  const normalise = (persona: number): void => {
    const at = row * K + persona
    if (sums[at] !== sums[at]) sums[at] = dot(inputFactors, pairFactors, J, row * J, persona * J)
    const full = sums[at] as number
    let sum = full
    for (const exemplar of masked) {
      sum -= (inputFactors[row * J + exemplar] as number) * (pairFactors[persona * J + exemplar] as number)
    }
    const regular = full > smallestSum && sum > (1 - largestMaskedShare) * full
    ownSums[persona] = regular ? sum : 0
    logNormalisers[persona] = regular
      ? Math.log(sum) + (inputMaxima[row] as number) + (personaMaxima[persona] as number)
      : termByTerm(persona)
    shares[persona] = 0
    recordOf[persona] = record
  }

  /** Unmasked S + P into `scratch`; their log-sum-exp. */
  const termByTerm = (persona: number): number => {
    let largest = -Infinity
    for (let j = 0; j < J; j++) {
      scratch[j] = (inputLogits[row * J + j] as number) + (pairLogits[persona * J + j] as number)
    }
    for (const exemplar of masked) scratch[exemplar] = -Infinity
    for (let j = 0; j < J; j++) largest = Math.max(largest, scratch[j] as number)
    if (largest === -Infinity) return -Infinity
    let sum = 0
    for (let j = 0; j < J; j++) sum += Math.exp((scratch[j] as number) - largest)
    return largest + Math.log(sum)
  }

  /** What a persona's share adds to the derivatives by its normaliser. */
  const close = (persona: number, share: number): void => {
    const sum = ownSums[persona] as number
    if (sum > 0) {
      const quotient = share / sum
      increase(quotients, row * K + persona, quotient)
      for (const exemplar of masked) {
        const [input, pair] = [row * J + exemplar, persona * J + exemplar]
        const removed = quotient * (inputFactors[input] as number) * (pairFactors[pair] as number)
        increase(inputSlopes, input, removed)
        increase(pairSlopes, pair, removed)
      }
      return
    }
    termByTerm(persona)
    for (let j = 0; j < J; j++) {
      const removed = -share * Math.exp((scratch[j] as number) - (logNormalisers[persona] as number))
      increase(inputSlopes, row * J + j, removed)
      increase(pairSlopes, persona * J + j, removed)
    }
  }

  /** Adds Q·B to `mixtures` and Qᵀ·A to `pairSums`. */
  const spread = (rows: number): void => {
    const shareQuotients = { rows, columns: K, data: quotients.subarray(0, rows * K) }
    const factors = { rows, columns: J, data: inputFactors.subarray(0, rows * J) }
    multiply(shareQuotients, pairs, { out: mixtures.subarray(0, rows * J), ...kernel })
    multiply(shareQuotients, factors, { transposeA: true, out: pairSums, accumulate: true, ...kernel })
    for (let at = 0; at < rows * J; at++) {
      increase(inputSlopes, at, -(inputFactors[at] as number) * (mixtures[at] as number))
    }
  }

  /** The same for the few personas that were added to. */
  const spreadSparsely = (rows: number): void => {
    for (let input = 0; input < rows; input++) {
      scratch.fill(0)
      let used = false
      for (let persona = 0; persona < K; persona++) {
        const quotient = quotients[input * K + persona] as number
        if (quotient === 0) continue
        used = true
        axpy(quotient, pairFactors, scratch, J, persona * J)
        axpy(quotient, inputFactors, pairSums, J, input * J, persona * J)
      }
      if (!used) continue
      for (let j = 0; j < J; j++) {
        const at = input * J + j
        increase(inputSlopes, at, -(inputFactors[at] as number) * (scratch[j] as number))
      }
    }
  }

  return {
    begin(projected) {
      gate = projected
      pairLogits = new Float64Array(K * J)
      if (options.K > 0) {
        multiply(gate.personas, gate.exemplars, { transposeB: true, out: pairLogits, ...kernel })
      }
      for (let persona = 0; persona < K; persona++) {
        axpy(1, gate.exemplarOffsets, pairLogits, J, 0, persona * J)
      }
      shiftedExponentials(pairLogits, pairFactors, personaMaxima, J, K)
      pairSlopes.fill(0)
      pairSums.fill(0)
    },
    prepare(block) {
      const count = block.rows * J
      const logits = inputLogits.subarray(0, count)
      multiply(block, gate.exemplars, { transposeB: true, out: logits, ...kernel })
      shiftedExponentials(logits, inputFactors, inputMaxima, J, block.rows)
      inputSlopes.fill(0)
      if (dense) {
        const factors = { rows: block.rows, columns: J, data: inputFactors.subarray(0, count) }
        multiply(factors, pairs, { transposeB: true, out: sums.subarray(0, block.rows * K), ...kernel })
      } else sums.fill(NaN)
      quotients.fill(0)
    },
    open(input, hidden) {
      row = input
      masked = hidden
      record++
    },
    logWeight(persona, exemplar) {
      if (masked.length > 0 && masked.includes(exemplar)) return -Infinity
      if (recordOf[persona] !== record) normalise(persona)
      return (
        (inputLogits[row * J + exemplar] as number) +
        (pairLogits[persona * J + exemplar] as number) -
        (logNormalisers[persona] as number)
      )
    },
    add(persona, exemplar, share) {
      increase(shares, persona, share)
      increase(inputSlopes, row * J + exemplar, share)
      increase(pairSlopes, persona * J + exemplar, share)
    },
    close() {
      for (let persona = 0; persona < K; persona++) {
        if (recordOf[persona] === record && shares[persona] !== 0) close(persona, shares[persona] as number)
      }
    },
    backward(block, inputGradient, exemplarGradient) {
      if (dense) spread(block.rows)
      else spreadSparsely(block.rows)
      const slopes = { rows: block.rows, columns: J, data: inputSlopes.subarray(0, block.rows * J) }
      multiply(slopes, gate.exemplars, { out: inputGradient, accumulate: true, ...kernel })
      multiply(slopes, block, { transposeA: true, out: exemplarGradient, accumulate: true, ...kernel })
    },
    finish(totals) {
      for (let at = 0; at < pairSlopes.length; at++) {
        increase(pairSlopes, at, -(pairFactors[at] as number) * (pairSums[at] as number))
      }
      for (let persona = 0; persona < K; persona++) {
        axpy(1, pairSlopes, totals.exemplarOffsets, J, persona * J)
      }
      if (options.K === 0) return
      const slopes = { rows: K, columns: J, data: pairSlopes }
      multiply(slopes, gate.exemplars, { out: totals.personas, accumulate: true, ...kernel })
      multiply(slopes, gate.personas, {
        transposeA: true,
        out: totals.exemplars,
        accumulate: true,
        ...kernel,
      })
    },
  }
}

function increase(values: Float64Array, at: number, by: number): void {
  values[at] = (values[at] as number) + by
}

/** factors = exp(logits − maximum of the row); the maxima are kept. */
function shiftedExponentials(
  logits: Float64Array,
  factors: Float64Array,
  maxima: Float64Array,
  width: number,
  rows: number,
): void {
  for (let row = 0; row < rows; row++) {
    const start = row * width
    let largest = -Infinity
    for (let at = start; at < start + width; at++) {
      if ((logits[at] as number) > largest) largest = logits[at] as number
    }
    maxima[row] = largest
    for (let at = start; at < start + width; at++) factors[at] = (logits[at] as number) - largest
  }
  exponentials(factors, 0, rows * width)
}
