import { describe, expect, it } from 'vitest'
import { median, ratios, ratioTable, type SideResult } from './ratio-table.ts'

const ours: SideResult = {
  row: 'fid',
  side: 'ours',
  seconds: [2, 9, 4],
  ownSeconds: [2, 9, 4],
  processor: [5, 3, 4],
  peakMb: 190.4,
  value: 3.25,
}
const peer: SideResult = {
  ...ours,
  side: 'fid_sqrtm, tuned',
  seconds: [2, 1, 8],
  target: 1,
  check: 'ok: values 1e-9 apart',
  note: 'a | b',
}

describe('the median', () => {
  it.each([
    [[3], 3],
    [[9, 2, 4], 4],
    [[10, 9, 2, 4], 6.5],
  ])('of %j is %f', (values, expected) => {
    expect(median(values)).toBe(expected)
  })

  it('of nothing is no number', () => {
    expect(median([])).toBeNaN()
  })
})

describe('ratios', () => {
  it('are ours over theirs, of the medians and of the least', () => {
    expect(ratios(peer)).toEqual({ median: 2, least: 2 })
    expect(ratios({ ...peer, seconds: [4, 1, 8] })).toEqual({ median: 1, least: 2 })
  })

  it('are no numbers where a side has no time', () => {
    expect(ratios({ ...peer, seconds: [] }).median).toBeNaN()
    expect(ratios({ ...peer, ownSeconds: [] }).least).toBeNaN()
  })
})

describe('the table', () => {
  const lines = ratioTable([
    ours,
    peer,
    { ...peer, target: 2 },
    {
      row: 'fid',
      side: 'lost',
      seconds: [],
      ownSeconds: [2],
      processor: [],
      target: 1,
      failure: 'no package',
    },
  ]).split('\n')

  it('has as many cells in each line as columns', () => {
    const cells = lines.map((line) => line.replaceAll('\\|', '').split('|').length)
    expect(new Set(cells)).toEqual(new Set([14]))
  })

  it('gives times, ratios, memory and checks', () => {
    expect(lines[2]).toBe('| fid | ours | 3 | 4.00 | 2.00 | 4.00 |  |  |  | 190 | 3.25000000 |  |')
    expect(lines[3]).toBe(
      '| fid | fid_sqrtm, tuned | 3 | 2.00 | 1.00 | 4.00 | 2.00 | 2.00 | 1 MISSED | 190 | 3.25000000 | ok: values 1e-9 apart; a \\| b |',
    )
  })

  it('says of a goal whether one of the ratios missed it', () => {
    const slowOnce = { ...peer, target: 1.5, seconds: [4, 1, 8] }
    expect(ratioTable([slowOnce])).toContain('| 1.00 | 2.00 | 1.5 MISSED |')
    expect(lines[3]).toContain('| 1 MISSED |')
    expect(lines[4]).toContain('| 2 |')
  })

  it('says why a side was not measured, and gives it no figure', () => {
    expect(lines[5]).toMatch(/^\| fid \| lost \| 0 \|[ |]*\| not measured: no package \|$/)
  })
})
