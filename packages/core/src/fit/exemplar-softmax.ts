import { axpy } from '../numeric/axpy.ts'
import { dot } from '../numeric/dot.ts'
import { exponentials } from '../numeric/exponentials.ts'
import type { KernelName } from '../numeric/kernel.ts'
import type { Matrix } from '../numeric/matrix.ts'
import { type GateValues, multiplyInto } from './gate-product.ts'

/** The projected parts of a gate that a block needs, all in one precision. */
export interface ProjectedRows {
  readonly d: number
  /** g̃, K × d. */
  readonly personas: Matrix<GateValues>
  /** ẽ, J × d. */
  readonly exemplars: Matrix<GateValues>
  readonly personaOffsets: Float64Array
  readonly exemplarOffsets: Float64Array
  readonly logTemperatures: Float64Array
}

/**
 * log Ω of a block of inputs and its derivatives. With S_uj = x̃_u·ẽ_j and P_kj = g̃_k·ẽ_j + b_j, the normaliser
 * Σ_j exp(S_uj + P_kj) = e^{max S + max P} Σ_j A_uj B_kj, A = exp(S − max), B = exp(P − max): one dot product. Those of a
 * block are the product A·Bᵀ, and with Q the shares over these sums its derivatives are Q·B and Qᵀ·A. Where a sum is below
 * 1e-200, or masking removes more than 0.9 of it, the record's normaliser is computed term by term in log space: a term that
 * underflows is below e⁻⁷⁰⁸, so that a sum kept is true to J · 1e-107 of itself. In float32 the bounds are 1e-10 and e⁻⁴³: J · 2e-9 at worst.
 */
export interface ExemplarSoftmax {
  begin(gate: ProjectedRows): void
  prepare(block: Matrix<GateValues>): void
  /** Starts a record of the block's input `row`; `masked` exemplars leave its softmax. */
  open(row: number, masked: readonly number[]): void
  /** Adds log Ω_kj of the open record's candidates [start, start + count) to `terms`; −Infinity for a masked exemplar. */
  addLogWeights(terms: Float64Array, start: number, count: number): void
  /** Adds each of these candidates' share · log Ω_kj to what is differentiated; after their `addLogWeights`. */
  differentiate(shares: Float64Array, start: number, count: number): void
  /** Ends a record that was added to. */
  close(): void
  /** Adds the block's derivatives by x̃ and ẽ, after its last record. */
  backward(block: Matrix<GateValues>, inputGradient: GateValues, exemplarGradient: GateValues): void
  /** Adds the derivatives through P, after the last block. */
  finish(sums: {
    readonly personas: GateValues
    readonly exemplars: GateValues
    readonly exemplarOffsets: Float64Array
  }): void
}

/**
 * A factor below e^`lowest` is 0, so that no product is denormal; a sum of products below `smallestSum` may have lost terms to that;
 * derivatives of at most `negligible` are dropped.
 */
const limits = {
  double: { lowest: -708, smallestSum: 1e-200, negligible: 0 },
  single: { lowest: -43, smallestSum: 1e-10, negligible: 1e-30 },
}
/** A record whose masked exemplars hold more than this share of the sum is computed without subtracting. */
const largestMaskedShare = 0.9

export function createExemplarSoftmax(options: {
  /** Inputs of a block. */
  readonly rows: number
  /** Whether records have candidates of most personas, so that all normalisers are computed, as products of matrices. */
  readonly dense: boolean
  /** Whether matrices are float32. */
  readonly single: boolean
  readonly K: number
  readonly J: number
  /** Of each candidate. */
  readonly personas: Int32Array
  readonly exemplars: Int32Array
  readonly kernel: { readonly kernel?: KernelName }
}): ExemplarSoftmax {
  const { rows: capacity, dense, single, J, personas, exemplars, kernel } = options
  const { lowest, smallestSum, negligible } = single ? limits.single : limits.double
  const values = (length: number): GateValues =>
    single ? new Float32Array(length) : new Float64Array(length)
  /** Without personas one row of P holds b alone. */
  const K = Math.max(1, options.K)
  const inputLogits = values(capacity * J)
  const inputFactors = values(capacity * J)
  const inputSlopes = values(capacity * J)
  const inputMaxima = new Float64Array(capacity)
  const personaMaxima = new Float64Array(K)
  const pairFactors = values(K * J)
  const pairs = { rows: K, columns: J, data: pairFactors }
  /** Derivatives by P. */
  const pairSlopes = values(K * J)
  /** Σ_u quotients_uk A_uj. */
  const pairSums = values(K * J)
  const sums = values(capacity * K)
  /** Σ of shares over normaliser sums, by input and persona. */
  const quotients = values(capacity * K)
  /** Q·B, where `dense`. */
  const mixtures = values(dense ? capacity * J : 0)
  const scratch = new Float64Array(J)
  const pairLogits = values(K * J)
  let gate: ProjectedRows
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
    multiplyInto(mixtures.subarray(0, rows * J), shareQuotients, pairs, kernel)
    multiplyInto(pairSums, shareQuotients, factors, { transposeA: true, accumulate: true, ...kernel })
    for (let at = 0; at < rows * J; at++) {
      const slope = (inputSlopes[at] as number) - (inputFactors[at] as number) * (mixtures[at] as number)
      inputSlopes[at] = slope <= negligible && slope >= -negligible ? 0 : slope
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
      if (options.K === 0) pairLogits.fill(0)
      else multiplyInto(pairLogits, gate.personas, gate.exemplars, { transposeB: true, ...kernel })
      for (let persona = 0; persona < K; persona++) {
        axpy(1, gate.exemplarOffsets, pairLogits, J, 0, persona * J)
      }
      shiftedExponentials(pairLogits, pairFactors, personaMaxima, scratch, lowest)
      pairSlopes.fill(0)
      pairSums.fill(0)
    },
    prepare(block) {
      const count = block.rows * J
      const logits = inputLogits.subarray(0, count)
      multiplyInto(logits, block, gate.exemplars, { transposeB: true, ...kernel })
      shiftedExponentials(logits, inputFactors, inputMaxima, scratch, lowest)
      inputSlopes.fill(0)
      if (dense) {
        const factors = { rows: block.rows, columns: J, data: inputFactors.subarray(0, count) }
        multiplyInto(sums.subarray(0, block.rows * K), factors, pairs, { transposeB: true, ...kernel })
      } else sums.fill(NaN)
      quotients.fill(0)
    },
    open(input, hidden) {
      row = input
      masked = hidden
      record++
    },
    addLogWeights(terms, start, count) {
      const [first, last] = [start, start + count]
      const from = row * J
      for (let candidate = first; candidate < last; candidate++) {
        // −1 where there are no personas.
        const persona = Math.max(0, personas[candidate] as number)
        const exemplar = exemplars[candidate] as number
        if (masked.length > 0 && masked.includes(exemplar)) {
          terms[candidate - first] = -Infinity
          continue
        }
        if (recordOf[persona] !== record) normalise(persona)
        terms[candidate - first] =
          (terms[candidate - first] as number) +
          ((inputLogits[from + exemplar] as number) +
            (pairLogits[persona * J + exemplar] as number) -
            (logNormalisers[persona] as number))
      }
    },
    differentiate(candidateShares, start, count) {
      const from = row * J
      for (let c = 0; c < count; c++) {
        const share = candidateShares[c] as number
        if (share === 0) continue
        const persona = Math.max(0, personas[start + c] as number)
        const exemplar = exemplars[start + c] as number
        shares[persona] = (shares[persona] as number) + share
        inputSlopes[from + exemplar] = (inputSlopes[from + exemplar] as number) + share
        const pair = persona * J + exemplar
        pairSlopes[pair] = (pairSlopes[pair] as number) + share
      }
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
      multiplyInto(inputGradient, slopes, gate.exemplars, { accumulate: true, ...kernel })
      multiplyInto(exemplarGradient, slopes, block, { transposeA: true, accumulate: true, ...kernel })
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
      multiplyInto(totals.personas, slopes, gate.exemplars, { accumulate: true, ...kernel })
      multiplyInto(totals.exemplars, slopes, gate.personas, {
        transposeA: true,
        accumulate: true,
        ...kernel,
      })
    },
  }
}

function increase(values: GateValues, at: number, by: number): void {
  values[at] = (values[at] as number) + by
}

/** factors = exp(logits − maximum of the row), 0 below e^lowest; the maxima are kept. */
function shiftedExponentials(
  logits: GateValues,
  factors: GateValues,
  maxima: Float64Array,
  shifted: Float64Array,
  lowest: number,
): void {
  const width = shifted.length
  for (let row = 0, start = 0; start < logits.length; row++, start += width) {
    let largest = -Infinity
    for (let at = start; at < start + width; at++) {
      if ((logits[at] as number) > largest) largest = logits[at] as number
    }
    maxima[row] = largest
    for (let j = 0; j < width; j++) {
      const value = (logits[start + j] as number) - largest
      shifted[j] = value < lowest ? -Infinity : value
    }
    exponentials(shifted)
    factors.set(shifted, start)
  }
}
