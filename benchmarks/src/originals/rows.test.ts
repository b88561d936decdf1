import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createArrayFiles, openArrayFiles, readArray } from './array-files.ts'
import { measureRow } from './measure-row.ts'
import { ourTasks } from './our-tasks.ts'
import { ratioTable } from './ratio-table.ts'
import { type Row, rows } from './row.ts'
import type { Measured } from './run-side.ts'

/** Writes the tiny problem, runs our side of it here, and lets `judge` look while the files are there. */
async function tinyRun(row: Row, judge: (measured: Measured, folder: string) => void): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'rows-'))
  try {
    row.write(createArrayFiles(folder, row.tiny))
    const { value, vector = [] } = (await ourTasks[row.ours]?.(openArrayFiles(folder))()) ?? { value: NaN }
    judge({ seconds: 1, processor: 1, peakMb: 1, value, vector: Float64Array.from(vector) }, folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

describe.each(rows)('row $name', (row) => {
  it('has our side, and sizes of the same names', () => {
    expect(Object.keys(ourTasks)).toContain(row.ours)
    expect(Object.keys(row.tiny).toSorted()).toEqual(Object.keys(row.sizes).toSorted())
    for (const peer of Object.keys(row.targets)) expect(row.peers).toContain(peer)
  })

  it('is computed on our side, and its check takes an equal result and no other', async () => {
    await tinyRun(row, (own, folder) => {
      expect(own.value).toSatisfy(Number.isFinite)
      const files = openArrayFiles(folder)
      expect(row.check({ ...own }, own, files)).not.toMatch(/^NO/)
      const other = {
        ...own,
        value: row.ours === 'kmeans' ? own.value / 2 : own.value + 1e9,
        vector: own.vector?.map((_, index) => index % 2),
      }
      expect(row.check(other, own, files)).toMatch(row.name === 'mauve' ? /^ok.*ours 0\./ : /^NO|never/)
    })
  })
})

it('the files of the gate give each part inputs of its own', async () => {
  const row = rows.find(({ name }) => name === 'gate-step')
  expect(row).toBeDefined()
  await tinyRun(row as Row, (_, folder) => {
    const files = openArrayFiles(folder)
    const inputs = (['train', 'validation', 'test'] as const).flatMap((part) => [
      ...readArray(files, `${part}-inputs.i32`),
    ])
    expect(new Set(inputs).size).toBe(60 + 30 + 30)
  })
})

it('a row whose peers are missing still measures our side, and says what is missing', () => {
  const row = rows.find(({ name }) => name === 'mixture-separated') as Row
  const absent = join(import.meta.dirname, 'no-such-program')
  const tried: string[] = []
  const results = measureRow(row, {
    repeats: 2,
    kinds: ['tuned'],
    tiny: true,
    python: absent,
    rscript: absent,
    onRun: (side, repeat) => tried.push(`${side} ${repeat}`),
  })
  expect(tried).toEqual([
    'ours 0',
    'interior_point, tuned 0',
    'mixsqp, tuned 0',
    'mixsqp_full, tuned 0',
    'ours 1',
  ])
  expect(results[0]).toMatchObject({ side: 'ours', failure: undefined })
  expect(results[0]?.seconds).toHaveLength(2)
  expect(results[0]?.peakMb).toBeGreaterThan(10)
  expect(results[0]?.check).toMatch(/^ok: gap/)
  const table = ratioTable(results)
  expect(table.match(/not measured: .*no-such-program is not there/g)).toHaveLength(3)
})
