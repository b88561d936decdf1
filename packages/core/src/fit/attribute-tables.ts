import type { AttributeTable } from '../mixture/attribute-table.ts'
import type { FitRun, LearnedGate } from './fit-run.ts'
import { createGateObjective } from './gate-objective.ts'

/** An attribute with more values than this (an id, a free text) describes records, not groups. */
const mostAttributeValues = 50

/**
 * P(attribute = a | persona k) = (Σ_i r_i(k) [a_i = a] + P(a)) / (Σ_i r_i(k) + 1) over the training records that have the
 * attribute (METHOD section 7): their responsibilities, and one pseudo-record at the population's own shares, so that a persona
 * that explains next to nothing looks like everybody.
 */
export function attributeTables(run: FitRun, { train, parameters }: LearnedGate): readonly AttributeTable[] {
  const { data, table } = run
  const { hx, hg, he } = data
  const personas = data.personas.length
  const objective = createGateObjective({ data: train, hx, hg, he, temperatures: table.header.temperatures })
  const { responsibilities } = objective.posterior(parameters)
  const tables = new Map<string, Map<string, Float64Array>>()
  for (const [row, records] of train.records.entries()) {
    const ofPersona = new Float64Array(personas)
    const end = train.rowStart[row + 1] as number
    for (let c = train.rowStart[row] as number; c < end; c += 1) {
      const persona = train.persona[c] as number
      ofPersona[persona] = (ofPersona[persona] as number) + (responsibilities[c] as number)
    }
    for (const record of records) {
      const weight = data.weightOfRecord[record] as number
      for (const [name, value] of Object.entries(data.records[record]?.attributes ?? {})) {
        const values = tables.get(name) ?? new Map<string, Float64Array>()
        tables.set(name, values)
        const key = String(value)
        const sums = values.get(key) ?? new Float64Array(personas)
        values.set(key, sums)
        for (let k = 0; k < personas; k += 1) {
          sums[k] = (sums[k] as number) + weight * (ofPersona[k] as number)
        }
      }
    }
  }
  return [...tables]
    .filter(([, values]) => values.size >= 2 && values.size <= mostAttributeValues)
    .map(([name, sums]) => tableOf(name, sums, personas))
}

function tableOf(name: string, sums: ReadonlyMap<string, Float64Array>, personas: number): AttributeTable {
  const values = [...sums.keys()].toSorted()
  const rows = values.map((value) => sums.get(value) as Float64Array)
  const shares = rows.map((row) => row.reduce((sum, value) => sum + value, 0))
  const total = shares.reduce((sum, share) => sum + share, 0)
  const probabilities = new Float64Array(personas * values.length)
  for (let persona = 0; persona < personas; persona += 1) {
    const size = rows.reduce((sum, row) => sum + (row[persona] as number), 0)
    for (const [column, row] of rows.entries()) {
      const prior = (shares[column] as number) / total
      // As an artifact stores it.
      probabilities[persona * values.length + column] = Math.fround(
        ((row[persona] as number) + prior) / (size + 1),
      )
    }
  }
  return { name, values, probabilities }
}
