import { digestSeen, EncoderMismatchError, Mixture, type SeenRecords } from '@mop/core'
import { exampleMixture, fakeEncoder, fakeTextGenerator } from '@mop/core/testing'
import { describe, expect, test } from 'vitest'
import { SplitLeakError } from '../errors/split-leak-error.ts'
import type { ArmRow } from '../evaluate/arm-row.ts'
import { evaluateArms, type EvaluateArmsOptions } from '../evaluate/evaluate-arms.ts'
import { ablationLosses } from '../report/ablation-losses.ts'
import { mixtureArm } from './mixture-arm.ts'

const mixture = exampleMixture()
/** The same with other names and temperatures. */
const other = new Mixture({
  ...mixture,
  personas: mixture.personas.map(({ id, text }) => ({
    id: `other-${id}`,
    text: `${text} Always.`,
    provenance: { kind: 'statistics', recordIds: [`described by ${id}`] },
  })),
  exemplars: mixture.exemplars.map(({ id, input }) => ({ id: `other-${id}`, input, output: `Other ${id}.` })),
  gate: { ...mixture.gate, logTemperatures: new Float64Array(4).fill(Math.log(3)) },
})
const records = Array.from({ length: 20 }, (_, index) => ({
  id: `t${index}`,
  input: index % 2 === 0 ? 'And you?' : 'What now?',
  output: `Real answer number ${index}.`,
  attributes: { age: index % 4 < 2 ? 'young' : 'old' },
}))

async function run(options: Partial<EvaluateArmsOptions> = {}) {
  const rows: ArmRow[] = []
  const report = await evaluateArms({
    mixture,
    encoder: fakeEncoder(),
    generator: fakeTextGenerator(),
    records,
    arms: [mixtureArm(), mixtureArm({ name: 'refit', mixture: other, ablates: 'the names' })],
    n: 24,
    seed: 2,
    maxTokens: 8,
    resamples: 0,
    onRow: (row) => rows.push(row),
    ...options,
  })
  return { report, rows: rows.toSorted((a, b) => (a.id < b.id ? -1 : 1)) }
}

const of = (rows: readonly ArmRow[], name: string): ArmRow[] => rows.filter(({ arm }) => arm === name)

describe('an arm with a mixture of its own', () => {
  test('draws from it by the same streams, at the temperatures of the evaluation’s mixture', async () => {
    const { rows } = await run()
    const [first, second] = [of(rows, 'mixture'), of(rows, 'refit')]
    expect(second.map(({ personas, exemplars }) => [...personas, ...exemplars])).toEqual(
      first.map(({ personas, exemplars }) => [...personas, ...exemplars].map((id) => `other-${id}`)),
    )
    expect(second.map(({ temperature }) => temperature)).toEqual(first.map(({ temperature }) => temperature))
    expect(second.map(({ output }) => output)).not.toEqual(first.map(({ output }) => output))
  })

  test('draws by its own weights, within its own groups', async () => {
    const even = new Mixture({
      ...other,
      attributes: [{ name: 'age', values: ['young'], probabilities: Float64Array.of(0, 1, 1, 1) }],
    })
    const { report, rows } = await run({
      groups: 'age',
      arms: [mixtureArm({ name: 'refit', mixture: even }), mixtureArm()],
    })
    const young = of(rows, 'refit').filter(({ groups }) => groups?.includes('young'))
    expect(young.length).toBe(12)
    expect(young.flatMap(({ personas }) => personas)).not.toContain('other-persona-1')
    expect(report.notes).toContain('The mixture of refit does not know age old: everybody answers for them.')
    const alone = await run({ groups: 'age', arms: [mixtureArm()] })
    expect(of(rows, 'mixture')).toEqual(alone.rows)
  })

  test('is compared as an ablation where it says what it was fitted without', async () => {
    const { report } = await run()
    expect(ablationLosses(report)[0]?.losses.map(({ arm, ablates }) => [arm, ablates])).toEqual([
      ['refit', 'the names'],
    ])
  })

  test('enters the split, and the proof of it', async () => {
    const leak = async (record: object): Promise<unknown> =>
      run({
        records: [...records, { id: 'x', input: 'And you?', output: 'Nothing like it.', ...record }],
      }).catch((error: unknown) => SplitLeakError.isInstance(error) && [error.message, ...error.leaks])
    expect(await leak({ output: ' other EXEMPLAR-2.' })).toEqual([
      expect.stringContaining('x (text of other-exemplar-2 among the exemplars of the arm refit)'),
      { record: 'x', among: 'exemplars', arm: 'refit', same: 'text', as: 'other-exemplar-2' },
    ])
    expect(await leak({ id: 'described by persona-3' })).toEqual([
      expect.any(String),
      {
        record: 'described by persona-3',
        among: 'personas',
        arm: 'refit',
        same: 'id',
        as: 'other-persona-3',
      },
    ])
    const seen = await digestSeen([{ id: 'fitted', input: 'What?', output: 'Fitted on this.' }])
    const digested = new Mixture({ ...other, provenance: { ...other.provenance, seen } })
    const again = run({
      arms: [mixtureArm({ name: 'refit', mixture: digested })],
      records: records.map((record) =>
        record.id === 't3' ? { ...record, output: 'fitted on THIS.' } : record,
      ),
    })
    await expect(again).rejects.toThrow('t3 (its text among the records it was fitted on of the arm refit)')
    const { report } = await run()
    expect(report.split.against).toMatchObject({ exemplars: 6, personaRecords: 0 })
    expect(report.split.mixtures).toEqual([
      {
        arm: 'refit',
        exemplars: 6,
        personaRecords: 4,
        fitted: 0,
        digest: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    ])
    expect((await run({ arms: [mixtureArm()] })).report.split.mixtures).toBeUndefined()
  })

  test('is said not to have been compared in full where it does not hold what that takes', async () => {
    const whole = await digestSeen([{ id: 'fitted', input: 'What?', output: 'Fitted on this.' }])
    const noted = async (seen: SeenRecords | undefined, training?: typeof records) => {
      const own = new Mixture({ ...other, provenance: { ...other.provenance, seen } })
      const { report } = await run({ arms: [mixtureArm({ name: 'refit', mixture: own })], training })
      return report.notes.filter((note) => note.includes('the mixture of refit'))
    }
    expect(await noted(whole)).toEqual([])
    expect(await noted(undefined)).toEqual([
      expect.stringContaining('does not say on which others it was fitted'),
    ])
    expect(await noted({ ids: whole.ids })).toEqual([expect.stringContaining('holds only the ids')])
    expect(
      await noted(
        { ids: whole.ids },
        records.slice(0, 1).map((record) => ({ ...record, id: 'fitted', output: 'Fitted on this.' })),
      ),
    ).toEqual([])
  })

  test('is refused before anything is asked where it has another encoder, or no such groups', async () => {
    const rows: ArmRow[] = []
    const onRow = (row: ArmRow): void => void rows.push(row)
    const foreign = exampleMixture({ dimension: 16 })
    const refused = run({ arms: [mixtureArm(), mixtureArm({ name: 'refit', mixture: foreign })], onRow })
    await expect(refused).rejects.toSatisfy((error) => EncoderMismatchError.isInstance(error))
    const plain = new Mixture({ ...other, attributes: [] })
    const arms = [mixtureArm(), mixtureArm({ name: 'refit', mixture: plain })]
    await expect(run({ arms, groups: 'age', onRow })).rejects.toThrow(/arm refit.*attribute age/)
    expect(rows).toEqual([])
  })

  test('needs a name', () => {
    expect(() => mixtureArm({ mixture: other })).toThrow('`name`')
  })
})
