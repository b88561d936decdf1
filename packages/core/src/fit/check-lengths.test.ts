import { describe, expect, test } from 'vitest'
import { TextTooLongError } from '../errors/text-too-long-error.ts'
import type { PopulationRecord } from '../record/population-record.ts'
import { fakeLikelihoodScorer } from '../testing/fake-likelihood-scorer.ts'
import { checkLengths } from './check-lengths.ts'
import type { Population } from './prepare-population.ts'

const record = (
  id: string,
  outputLength: number,
  more: Partial<PopulationRecord> = {},
): PopulationRecord => ({
  id,
  input: 'How was it?',
  output: id.repeat(outputLength).slice(0, outputLength),
  ...more,
})

/** Of tokens that are characters: every record is about 20 tokens and its output. */
function population(changes: {
  records: readonly PopulationRecord[]
  exemplars?: Population['exemplars']
  personas?: Population['personas']
}): Population {
  const [train = [], validation = [], heldOut = []] = [0, 1, 2].map((part) =>
    changes.records.filter((_, index) => index % 3 === part),
  )
  return {
    split: { train, validation, heldOut },
    personas: changes.personas ?? [
      { id: 'short', text: 'Writes little.' },
      { id: 'long', text: 'Writes at great length, and never without saying so first.' },
    ],
    exemplars: changes.exemplars ?? [],
    encoder: { id: 'none', dimension: 1 },
  }
}

const refusal = (of: Population, limit: number): Promise<unknown> =>
  checkLengths(of, { scorer: fakeLikelihoodScorer({ limit }) }).then(
    () => undefined,
    (error: unknown) => error,
  )

describe('records that the model cannot take', () => {
  test('are all named at once, the longest first, with tokens, limit and field, in every part', async () => {
    const records = [
      record('a', 10),
      record('b', 900),
      record('c', 950),
      record('d', 5, { input: 'x'.repeat(800) }),
    ]
    const error = await refusal(population({ records }), 500)
    expect(error).toBeInstanceOf(TextTooLongError)
    expect(error).toMatchObject({
      limit: 500,
      texts: [
        { kind: 'record', id: 'c', field: 'output' },
        { kind: 'record', id: 'b', field: 'output' },
        { kind: 'record', id: 'd', field: 'input' },
      ],
    })
    const { message, texts } = error as TextTooLongError
    expect(message).toBe(
      `record "c", field "output": ${texts[0]?.tokens} tokens; the language model takes 500 at once. ` +
        `2 more are too long: "b" (${texts[1]?.tokens}), "d" (${texts[2]?.tokens}). ` +
        'Shorten them, leave them out, or use a model or settings that take more at once.',
    )
  })

  test('only beside the longest persona and exemplar are named with both', async () => {
    const exemplars = [
      { id: 'e1', input: 'q', output: 'short' },
      { id: 'e2', input: 'q', output: 'long '.repeat(50) },
    ]
    const records = [record('a', 10), record('b', 60), record('c', 150)]
    const error = await refusal(population({ records, exemplars }), 500)
    expect(error).toMatchObject({
      texts: [{ id: 'c', personas: ['long'], exemplars: ['e2'], tokens: expect.any(Number) }],
    })
    expect(String(error)).toContain(
      'tokens together with persona "long" and exemplar "e2"; the language model',
    )
  })

  test('stand beside no exemplar that is masked for them', async () => {
    const own = record('b', 200)
    const exemplars = [
      { id: 'b', input: own.input, output: own.output },
      { id: 'e', input: 'q', output: 'short' },
    ]
    // Twice the long text would be too long; the other record beside it is not.
    expect(
      await refusal(population({ records: [record('a', 10), own, record('c', 9)], exemplars }), 450),
    ).toBe(undefined)
  })

  test('an exemplar that is no record is one of the texts', async () => {
    const exemplars = [{ id: 'given', input: 'q', output: 'long '.repeat(200) }]
    const error = await refusal(
      population({ records: [record('a', 10), record('b', 9), record('c', 8)], exemplars }),
      500,
    )
    expect(error).toMatchObject({ texts: [{ kind: 'exemplar', id: 'given', field: 'output' }] })
  })

  test('are known to the token', async () => {
    const records = [record('a', 10), record('b', 100), record('c', 9)]
    const exemplars = [{ id: 'e', input: 'q', output: 'an example' }]
    const of = population({ records, exemplars })
    let fits = 120
    while ((await refusal(of, fits)) !== undefined) fits += 1
    const last = await refusal(of, fits - 1)
    expect(last).toMatchObject({ texts: [{ id: 'b', tokens: fits }] })
  })
})

test('says nothing where all fit, or where the scorer cannot count', async () => {
  const of = population({ records: [record('a', 10), record('b', 900), record('c', 8)] })
  expect(await refusal(of, Infinity)).toBe(undefined)
  const { countTokens: _countTokens, ...scorer } = fakeLikelihoodScorer({ limit: 100 })
  await checkLengths(of, { scorer })
})

test('where the texts stand is added by who knows it', () => {
  const error = new TextTooLongError({
    texts: [
      { kind: 'record', id: 'a', field: 'output', tokens: 700 },
      { kind: 'record', id: 'b', field: 'output', tokens: 600 },
    ],
    limit: 500,
  })
  const placed = error.with({
    placeOf: (id) => ({ source: 'r.jsonl', line: id === 'a' ? 4 : 9 }),
    remedy: 'Raise --context.',
  })
  expect(placed.message).toBe(
    'r.jsonl, line 4, record "a", field "output": 700 tokens; the language model takes 500 at once. 1 more is too long: "b" (line 9, 600). Raise --context.',
  )
  expect(placed.texts[1]?.place).toEqual({ source: 'r.jsonl', line: 9 })
})
