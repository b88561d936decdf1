import { describe, expect, it } from 'vitest'
import { sampleRespondents } from './sample-respondents.ts'

describe('a sample', () => {
  const records = Array.from({ length: 30 }, (_, index) => ({
    id: `r${index}`,
    input: 'q',
    output: `a${index}`,
    respondent: `p${Math.floor(index / 3)}`,
  }))

  it('is of whole respondents, in order, by the seed', () => {
    const sample = sampleRespondents(records, 10, 1)
    expect(sample).toHaveLength(9)
    expect(new Set(sample.map(({ respondent }) => respondent)).size).toBe(3)
    const positions = sample.map((record) => records.indexOf(record as (typeof records)[number]))
    expect(positions).toEqual(positions.toSorted((a, b) => a - b))
    expect(sampleRespondents(records, 10, 1)).toEqual(sample)
    expect(sampleRespondents(records, 10, 2)).not.toEqual(sample)
  })

  it('is everything where there is little', () => {
    expect(sampleRespondents(records, 30, 1)).toBe(records)
  })
})
