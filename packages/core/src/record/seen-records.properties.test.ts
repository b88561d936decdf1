import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { PopulationRecord } from './population-record.ts'
import { digestSeen, isSeenRecords, seenLookup } from './seen-records.ts'

const record: fc.Arbitrary<PopulationRecord> = fc.record(
  {
    id: fc.stringMatching(/^[a-z]{1,3}$/),
    input: fc.constant('How was it?'),
    output: fc.stringMatching(/^[a-z ]{1,3}[a-z]$/),
    respondent: fc.stringMatching(/^[a-z]{1,2}$/),
    choices: fc.constant(['Yes', 'No']),
  },
  { requiredKeys: ['id', 'input', 'output'] },
)

describe('digests of seen records', () => {
  test('tell what a set of values would tell, the id first', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(record), record, async (seen, asked) => {
        const free = (of: PopulationRecord): boolean => of.choices === undefined
        const text = (of: PopulationRecord): string => of.output.replaceAll(/\s+/g, ' ').trim()
        const expected = seen.some(({ id }) => id === asked.id)
          ? 'id'
          : seen.some(({ respondent }) => respondent !== undefined && respondent === asked.respondent)
            ? 'respondent'
            : free(asked) && seen.some((other) => free(other) && text(other) === text(asked))
              ? 'text'
              : undefined
        expect(await seenLookup(await digestSeen(seen))(asked)).toBe(expected)
      }),
      { numRuns: 200 },
    )
  })

  test('depend on no order, and hold nothing that can be read', async () => {
    const ann = { id: 'r-17', input: 'How was it?', output: 'Wonderful soup', respondent: 'ann' }
    const ben = { id: 'r-18', input: 'How was it?', output: 'Too loud', respondent: 'ben' }
    const seen = await digestSeen([ann, ben])
    expect(seen).toEqual(await digestSeen([ben, ann]))
    for (const word of ['r-1', 'ann', 'ben', 'oup']) expect(JSON.stringify(seen)).not.toContain(word)
    expect(seen.ids).toHaveLength(22)
    expect(isSeenRecords(seen)).toBe(true)
    expect(isSeenRecords({ ids: seen.ids.slice(1) })).toBe(false)
    expect(isSeenRecords({ ids: 'no digest :' })).toBe(false)
  })
})
