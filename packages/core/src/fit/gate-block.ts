import { UnexplainedRecordError } from '../errors/unexplained-record-error.ts'
import { axpy } from '../numeric/axpy.ts'
import { exponentials } from '../numeric/exponentials.ts'
import type { KernelName } from '../numeric/kernel.ts'
import type { Matrix } from '../numeric/matrix.ts'
import { createExemplarSoftmax, type ProjectedRows } from './exemplar-softmax.ts'
import type { GateData } from './gate-data.ts'
import type { GatePosterior } from './gate-objective.ts'
import { type GateValues, multiplyInto } from './gate-product.ts'
import type { TemperatureInterpolation, TemperaturePoint } from './temperature-interpolation.ts'

/** Derivatives by what the blocks share, summed over all of them. */
interface GateSums {
  /** By g̃, K × d. */
  readonly personas: GateValues
  /** By ẽ, J × d. */
  readonly exemplars: GateValues
  readonly personaOffsets: Float64Array
  readonly exemplarOffsets: Float64Array
  readonly logTemperatures: Float64Array
}

export interface GateBlock {
  /** Inputs taken at a time: the logits of a block stay in cache. */
  readonly size: number
  /** `scale` multiplies the records' weights. */
  begin(gate: ProjectedRows, withGradient: boolean, scale: number): GateSums
  /** Adds up the records of the inputs in rows [first, first + rows) of `inputs`; returns their share of the objective. */
  run(
    inputs: Matrix<GateValues>,
    first: number,
    rows: number,
    /** Which input each row of `inputs` is. */
    inputOf: Int32Array,
    inputGradient: GateValues | undefined,
    posterior: GatePosterior | undefined,
  ): number
  /** Completes the sums after the last block. */
  finish(): void
}

const blockSize = 256
/** A dot product takes some eight times as long as its part of a product of matrices. */
const denseShare = 1 / 8
/** Fewer exponentials are not worth a call of the kernel. */
const fewTerms = 16

export function createGateBlock(options: {
  readonly data: GateData
  readonly personas: number
  readonly exemplars: number
  /** Of the records, summing to 1. */
  readonly weights: Float64Array
  readonly interpolation: TemperatureInterpolation
  readonly grouping: { readonly starts: Int32Array; readonly members: Int32Array }
  /** Whether matrices are float32. */
  readonly single: boolean
  readonly kernel: { readonly kernel?: KernelName }
}): GateBlock {
  const { single, data, personas: K, exemplars: J, weights, interpolation, grouping, kernel } = options
  const size = Math.min(blockSize, grouping.starts.length - 1)
  const values = (length: number): GateValues =>
    single ? new Float32Array(length) : new Float64Array(length)
  const smallestShare = single ? 1e-20 : 1e-200
  const personaLogits = values(size * K)
  const personaSlopes = values(size * K)
  /** π, float64 for the exponentials. */
  const personaWeights = new Float64Array(size * K)
  const softmax =
    J === 0
      ? undefined
      : createExemplarSoftmax({
          rows: size,
          dense: isDense(options),
          single,
          K,
          J,
          personas: data.persona,
          exemplars: data.exemplar,
          kernel,
        })
  const { persona: personaOf, offset } = data
  /** log p and offset of each candidate, where τ is fixed. */
  const fixed = data.logLikelihood.length > personaOf.length ? undefined : data.logLikelihood.slice()
  if (fixed !== undefined && offset !== undefined) axpy(1, offset, fixed)
  let longest = 0
  data.inputs.forEach((_, record) => {
    longest = Math.max(longest, (data.rowStart[record + 1] as number) - (data.rowStart[record] as number))
  })
  const terms = new Float64Array(longest)
  let gate: ProjectedRows
  let sums: GateSums
  let points: TemperaturePoint[] = []
  let scale = 1

  /** `terms` of a record's candidates: log p and offset. */
  const fillTerms = (start: number, count: number): void => {
    if (fixed !== undefined) return terms.set(fixed.subarray(start, start + count))
    for (let c = 0; c < count; c++) {
      const slot = Math.max(0, personaOf[start + c] as number)
      terms[c] = interpolation.value(start + c, points[slot] as TemperaturePoint) + (offset?.[start + c] ?? 0)
    }
  }

  /** Adds to the derivatives by log τ what `terms`, now shares, make of the candidates'. */
  const differentiateTemperatures = (start: number, count: number): void => {
    for (let c = 0; c < count; c++) {
      const share = terms[c] as number
      // Nothing times an infinite slope would be NaN.
      if (share === 0) continue
      const slot = Math.max(0, personaOf[start + c] as number)
      const slope = interpolation.derivative(start + c, points[slot] as TemperaturePoint)
      sums.logTemperatures[slot] = (sums.logTemperatures[slot] as number) + share * slope
    }
  }

  const runRecord = (
    record: number,
    row: number,
    withGradient: boolean,
    posterior: GatePosterior | undefined,
  ): number => {
    const start = data.rowStart[record] as number
    const count = (data.rowStart[record + 1] as number) - start
    const masked = data.masked?.[record] ?? []
    fillTerms(start, count)
    if (K > 0) {
      for (let c = 0, at = row * K; c < count; c++) {
        terms[c] = (terms[c] as number) + (personaLogits[at + (personaOf[start + c] as number)] as number)
      }
    }
    softmax?.open(row, masked)
    softmax?.addLogWeights(terms, start, count)
    let largest = -Infinity
    for (let c = 0; c < count; c++) if ((terms[c] as number) > largest) largest = terms[c] as number
    const sum = largest === -Infinity ? 0 : exponentialSum(terms, count, largest)
    const total = largest + Math.log(sum)
    const weight = scale * (weights[record] as number)
    if (posterior !== undefined) posterior.logLikelihoods[record] = total
    if (weight === 0 && total === -Infinity) return 0
    if (total === -Infinity) {
      throw new UnexplainedRecordError({
        record: data.recordIds?.[record] ?? String(record),
        candidates: count,
      })
    }
    if (posterior === undefined && !withGradient) return weight * total
    for (let c = 0; c < count; c++) terms[c] = (terms[c] as number) / sum
    posterior?.responsibilities.set(terms.subarray(0, count), start)
    if (!withGradient) return weight * total
    for (let c = 0; c < count; c++) {
      const share = weight * (terms[c] as number)
      terms[c] = share < smallestShare ? 0 : share
    }
    if (K > 0) {
      for (let c = 0, from = row * K; c < count; c++) {
        const at = from + (personaOf[start + c] as number)
        personaSlopes[at] = (personaSlopes[at] as number) + (terms[c] as number)
      }
    }
    if (fixed === undefined) differentiateTemperatures(start, count)
    softmax?.differentiate(terms, start, count)
    softmax?.close()
    return weight * total
  }

  return {
    size,
    begin(projected, withGradient, scaled) {
      gate = projected
      scale = scaled
      const { d } = gate
      points = Array.from(gate.logTemperatures, (value) => interpolation.at(value))
      sums = {
        personas: values(withGradient ? K * d : 0),
        exemplars: values(withGradient ? J * d : 0),
        personaOffsets: new Float64Array(K),
        exemplarOffsets: new Float64Array(J),
        logTemperatures: new Float64Array(Math.max(1, K)),
      }
      softmax?.begin(gate)
      return sums
    },
    run(inputs, first, rows, inputOf, inputGradient, posterior) {
      const { d } = gate
      const slice = (data: GateValues): Matrix<GateValues> => ({
        rows,
        columns: d,
        data: data.subarray(first * d, (first + rows) * d),
      })
      const block = slice(inputs.data)
      const logits = personaLogits.subarray(0, rows * K)
      const slopes = { rows, columns: K, data: personaSlopes.subarray(0, rows * K) }
      if (K > 0) {
        multiplyInto(logits, block, gate.personas, { transposeB: true, ...kernel })
        normaliseRows(logits, gate.personaOffsets, personaWeights.subarray(0, rows * K))
        slopes.data.fill(0)
      }
      softmax?.prepare(block)
      let total = 0
      for (let row = 0; row < rows; row++) {
        const input = inputOf[first + row] as number
        const from = grouping.starts[input] as number
        const to = grouping.starts[input + 1] as number
        let weight = 0
        for (let at = from; at < to; at++) {
          const record = grouping.members[at] as number
          weight += scale * (weights[record] as number)
          total += runRecord(record, row, inputGradient !== undefined, posterior)
        }
        if (inputGradient === undefined) continue
        for (let at = row * K; at < (row + 1) * K; at++) {
          slopes.data[at] = (slopes.data[at] as number) - weight * (personaWeights[at] as number)
        }
        axpy(1, slopes.data, sums.personaOffsets, K, row * K)
      }
      if (inputGradient === undefined) return total
      const target = slice(inputGradient).data
      const added = { accumulate: true, ...kernel }
      if (K > 0) {
        multiplyInto(target, slopes, gate.personas, added)
        multiplyInto(sums.personas, slopes, block, { transposeA: true, ...added })
      }
      softmax?.backward(block, target, sums.exemplars)
      return total
    },
    finish: () => softmax?.finish(sums),
  }
}

/** Whether of the pairs of an input and a persona so many are candidates that products of matrices are faster than dot products. */
function isDense({
  data,
  personas,
  grouping: { starts, members },
}: {
  readonly data: GateData
  readonly personas: number
  readonly grouping: { readonly starts: Int32Array; readonly members: Int32Array }
}): boolean {
  const inputs = starts.length - 1
  const inputOf = new Int32Array(Math.max(1, personas)).fill(-1)
  let pairs = 0
  const enough = denseShare * inputs * inputOf.length
  for (let input = 0; input < inputs && pairs < enough; input++) {
    for (const record of members.subarray(starts[input], starts[input + 1])) {
      const last = data.rowStart[record + 1] as number
      for (let candidate = data.rowStart[record] as number; candidate < last; candidate++) {
        const slot = Math.max(0, data.persona[candidate] as number)
        if (inputOf[slot] === input) continue
        inputOf[slot] = input
        pairs++
      }
    }
  }
  return pairs >= enough
}

/** Replaces the first `count` terms by exp(term − largest); their sum. */
function exponentialSum(terms: Float64Array, count: number, largest: number): number {
  let sum = 0
  if (count < fewTerms) {
    for (let c = 0; c < count; c++) sum += terms[c] = Math.exp((terms[c] as number) - largest)
    return sum
  }
  for (let c = 0; c < count; c++) terms[c] = (terms[c] as number) - largest
  exponentials(terms, 0, count)
  for (let c = 0; c < count; c++) sum += terms[c] as number
  return sum
}

/** logits + offsets, log-softmax by row, in place; their exponentials in `weights`. */
function normaliseRows(logits: GateValues, offsets: Float64Array, weights: Float64Array): void {
  const width = offsets.length
  for (let start = 0; start < logits.length; start += width) {
    let largest = -Infinity
    for (let k = 0; k < width; k++) {
      const logit = (logits[start + k] as number) + (offsets[k] as number)
      weights[start + k] = logit
      if (logit > largest) largest = logit
    }
    for (let at = start; at < start + width; at++) {
      const shifted = (weights[at] as number) - largest
      weights[at] = shifted
      logits[at] = shifted
    }
  }
  exponentials(weights)
  for (let start = 0; start < logits.length; start += width) {
    let sum = 0
    for (let at = start; at < start + width; at++) sum += weights[at] as number
    const logSum = Math.log(sum)
    for (let at = start; at < start + width; at++) {
      weights[at] = (weights[at] as number) / sum
      logits[at] = (logits[at] as number) - logSum
    }
  }
}
