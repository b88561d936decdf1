import { describe, expect, test } from 'vitest'
import { maskedExemplars } from './mask.ts'

const exemplars = [
  { id: 'e0', input: 'q', output: 'Good food', respondent: 'anna' },
  { id: 'e1', input: 'q', output: 'bad  FOOD', respondent: 'ben' },
  { id: 'e2', input: 'other', output: 'Yes', respondent: 'cleo' },
]

describe('maskedExemplars', () => {
  test("hides the record's own id, its respondent and its text, and nothing else", () => {
    const masks = maskedExemplars(
      [
        { id: 'e0', input: 'q', output: 'Good food' },
        { id: 'r1', input: 'q', output: 'fine', respondent: 'ben' },
        { id: 'r2', input: 'q', output: ' Bad food ' },
        { id: 'r3', input: 'q', output: 'fine', respondent: 'dora' },
      ],
      exemplars,
    )
    expect(masks).toEqual([[0], [1], [1], []])
  })

  test('a closed answer that others give too is no copy', () => {
    const choices = ['Yes', 'No']
    const masks = maskedExemplars(
      [
        { id: 'r0', input: 'other', output: 'Yes', choices, respondent: 'dora' },
        { id: 'r1', input: 'other', output: 'Yes', choices, respondent: 'cleo' },
      ],
      exemplars,
    )
    expect(masks).toEqual([[], [2]])
  })
})
