import { InvalidArgumentError } from '../errors/invalid-argument-error.ts'

/** Records and their scored candidates S_i, as the gate's objective reads them: compressed sparse rows. */
export interface GateData {
  /** Row of `hx` of each record, N values. Records of equal input share a row. */
  readonly inputs: Int32Array
  /** Candidates of record i are rowStart[i] … rowStart[i + 1] − 1; N + 1 values. */
  readonly rowStart: Int32Array
  /** k of each candidate; −1 throughout where there are no personas. */
  readonly persona: Int32Array
  /** j of each candidate; −1 throughout where there are no exemplars. */
  readonly exemplar: Int32Array
  /** log p^τ(y | component, x): T values per candidate, one per temperature of the grid. −Infinity allowed. */
  readonly logLikelihood: Float64Array
  /** Importance weight of each candidate in logs, −log of its inclusion probability. Default 0: the plain sum over S_i. */
  readonly offset?: Float64Array | undefined
  /** Weight ≥ 0 of each record, not all zero. Default 1. */
  readonly weights?: ArrayLike<number> | undefined
  /** Exemplars that leave each record's softmax (target masking). Default none. */
  readonly masked?: readonly (readonly number[])[] | undefined
  /** Names of the records, for errors. Default their indices. */
  readonly recordIds?: readonly string[] | undefined
}

export interface GateShape {
  /** Distinct inputs, rows of `hx`. */
  readonly inputs: number
  /** K */
  readonly personas: number
  /** J */
  readonly exemplars: number
  /** T */
  readonly temperatures: number
}

/** Throws InvalidArgumentError at the first length, index or value that cannot be right. */
export function assertGateData(data: GateData, shape: GateShape): void {
  const records = data.inputs.length
  const candidates = data.persona.length
  const lengths: [string, number, number][] = [
    ['rowStart', data.rowStart.length, records + 1],
    ['exemplar', data.exemplar.length, candidates],
    ['logLikelihood', data.logLikelihood.length, candidates * shape.temperatures],
    ['offset', data.offset?.length ?? candidates, candidates],
    ['weights', data.weights?.length ?? records, records],
    ['masked', data.masked?.length ?? records, records],
  ]
  for (const [argument, found, expected] of lengths) {
    if (found !== expected) {
      throw new InvalidArgumentError({
        argument,
        expected: `of length ${expected}`,
        found: `length ${found}`,
      })
    }
  }
  if (data.rowStart[0] !== 0 || data.rowStart[records] !== candidates) {
    throw new InvalidArgumentError({
      argument: 'rowStart',
      expected: `from 0 to ${candidates}`,
      found: `${data.rowStart[0]} to ${data.rowStart[records]}`,
    })
  }
  assertIndices('inputs', data.inputs, shape.inputs, false)
  assertIndices('persona', data.persona, shape.personas, true)
  assertIndices('exemplar', data.exemplar, shape.exemplars, true)
  data.masked?.forEach((exemplars, record) => {
    assertIndices(`masked[${record}]`, Int32Array.from(exemplars), shape.exemplars, false)
  })
  for (let record = 0; record < records; record++) {
    const [from, to] = [data.rowStart[record] as number, data.rowStart[record + 1] as number]
    if (from <= to) continue
    throw new InvalidArgumentError({
      argument: `rowStart[${record + 1}]`,
      expected: `at least ${from}`,
      found: to,
    })
  }
  // Millions of values: plain loops.
  const { logLikelihood, offset } = data
  for (let index = 0; index < logLikelihood.length; index++) {
    const value = logLikelihood[index] as number
    if (value < Infinity) continue
    throw new InvalidArgumentError({
      argument: `logLikelihood[${index}]`,
      expected: 'a log-likelihood below Infinity',
      found: value,
    })
  }
  for (let index = 0; offset !== undefined && index < offset.length; index++) {
    const value = offset[index] as number
    if (Number.isFinite(value)) continue
    throw new InvalidArgumentError({ argument: `offset[${index}]`, expected: 'finite', found: value })
  }
}

function assertIndices(argument: string, indices: Int32Array, count: number, absentAllowed: boolean): void {
  const [lowest, highest] = absentAllowed && count === 0 ? [-1, -1] : [0, count - 1]
  for (let index = 0; index < indices.length; index++) {
    const value = indices[index] as number
    if (value >= lowest && value <= highest) continue
    throw new InvalidArgumentError({
      argument: `${argument}[${index}]`,
      expected: lowest === highest ? String(lowest) : `an index from ${lowest} to ${highest}`,
      found: value,
    })
  }
}

/** Records' weights divided by their sum. Throws InvalidArgumentError for a negative one or none positive. */
export function normalisedWeights(data: GateData): Float64Array {
  const weights = Float64Array.from(data.inputs, (_, record) => data.weights?.[record] ?? 1)
  const total = weights.reduce((sum, weight, record) => {
    if (weight >= 0 && weight < Infinity) return sum + weight
    throw new InvalidArgumentError({
      argument: `weights[${record}]`,
      expected: 'a finite number ≥ 0',
      found: weight,
    })
  }, 0)
  if (!(total > 0)) {
    throw new InvalidArgumentError({
      argument: 'weights',
      expected: 'positive somewhere',
      found: 'no record of positive weight',
    })
  }
  return weights.map((weight) => weight / total)
}

/** The records of each input: members[starts[u] … starts[u + 1] − 1], ascending. */
export function recordsByInput(
  inputs: Int32Array,
  count: number,
): { readonly starts: Int32Array; readonly members: Int32Array } {
  const starts = new Int32Array(count + 1)
  for (const input of inputs) starts[input + 1] = (starts[input + 1] as number) + 1
  for (let input = 0; input < count; input++) {
    starts[input + 1] = (starts[input + 1] as number) + (starts[input] as number)
  }
  const next = starts.slice()
  const members = new Int32Array(inputs.length)
  inputs.forEach((input, record) => {
    const at = next[input] as number
    members[at] = record
    next[input] = at + 1
  })
  return { starts, members }
}

/** The distinct inputs that occur in `inputs`, ascending, and `inputs` renumbered as positions among them. */
export function usedInputs(
  inputs: Int32Array,
  count: number,
): { readonly used: Int32Array; readonly renumbered: Int32Array } {
  const positions = new Int32Array(count).fill(-1)
  for (const input of inputs) positions[input] = 0
  const used = Int32Array.from(positions.keys()).filter((input) => positions[input] === 0)
  used.forEach((input, position) => (positions[input] = position))
  return { used, renumbered: inputs.map((input) => positions[input] as number) }
}
