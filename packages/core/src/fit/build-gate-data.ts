import { MopError } from '../errors/mop-error.ts'
import type { LikelihoodTable } from '../likelihood/likelihood-table.ts'
import type { CandidateSet } from './candidate-set.ts'
import { componentAt, type FitData, type Part } from './fit-data.ts'
import type { GateData } from './gate-data.ts'

/** Gate data, with the tokens of each row's response, for figures per token. */
export interface BuiltGateData extends GateData {
  readonly weights: Float64Array
  readonly offset: Float64Array
  readonly masked: readonly (readonly number[])[]
  readonly recordIds: readonly string[]
  /** Which records of the fit's data each row stands for. */
  readonly records: readonly (readonly number[])[]
  /** Records all of whose candidates are masked: they teach nothing and are left out, with this weight. */
  readonly leftOut: number
}

/**
 * The scored candidates of the records of one part. Records that say the same under the same mask are one row, with
 * the sum of their weights.
 */
export function buildGateData(
  data: FitData,
  part: Part,
  candidates: Pick<CandidateSet, 'candidatesOf'>,
  table: LikelihoodTable,
): BuiltGateData {
  const rows = new Map<string, { record: number; weight: number; all: number[] }>()
  for (const [record, partOf] of data.partOfRecord.entries()) {
    if (partOf !== part) continue
    const key = `${data.itemOfRecord[record]} ${data.maskOfRecord[record]?.join(',')}`
    const weight = data.weightOfRecord[record] as number
    const row = rows.get(key)
    if (row === undefined) rows.set(key, { record, weight, all: [record] })
    else {
      row.weight += weight
      row.all.push(record)
    }
  }
  const inputs: number[] = []
  const rowStart = [0]
  const persona: number[] = []
  const exemplar: number[] = []
  const logLikelihood: number[] = []
  const offset: number[] = []
  const weights: number[] = []
  const masked: (readonly number[])[] = []
  const recordIds: string[] = []
  const records: (readonly number[])[] = []
  let leftOut = 0
  for (const { record, weight, all } of rows.values()) {
    const item = data.itemOfRecord[record] as number
    const mask = data.maskOfRecord[record] ?? []
    const before = persona.length
    for (const { component, inclusion } of candidates.candidatesOf(item)) {
      const { persona: k, exemplar: j } = componentAt(data, component)
      if (mask.includes(j)) continue
      persona.push(k)
      exemplar.push(j)
      offset.push(-Math.log(inclusion))
      logLikelihood.push(...scoreOf(data, table, item, k, j))
    }
    if (persona.length === before) {
      leftOut += weight
      continue
    }
    rowStart.push(persona.length)
    inputs.push(data.inputOfItem[item] as number)
    weights.push(weight)
    masked.push(mask)
    recordIds.push(data.records[record]?.id ?? '')
    records.push(all)
  }
  return {
    inputs: Int32Array.from(inputs),
    rowStart: Int32Array.from(rowStart),
    persona: Int32Array.from(persona),
    exemplar: Int32Array.from(exemplar),
    logLikelihood: Float64Array.from(logLikelihood),
    offset: Float64Array.from(offset),
    weights: Float64Array.from(weights),
    masked,
    recordIds,
    records,
    leftOut,
  }
}

/** log p^τ of an item under a component on the table's grid. Scoring comes first, so that it is there. */
export function scoreOf(
  data: FitData,
  table: LikelihoodTable,
  item: number,
  persona: number,
  exemplar: number,
): Float64Array {
  const { name } = data.items[item] as FitData['items'][number]
  const scores = table.logLikelihoods(name, data.names.name(persona, exemplar))
  if (scores !== undefined) return scores
  throw new MopError({
    code: 'unscored',
    message: `Item ${name} has no likelihood under persona ${persona}, exemplar ${exemplar}.`,
    remedy: 'This is a fault of the fit, not of the data; please report it.',
  })
}
