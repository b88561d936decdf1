import { describe, expect, test } from 'vitest'
import { ArtifactError } from '../errors/artifact-error.ts'
import { roundGate } from '../gate/round-gate.ts'
import { Mixture } from '../mixture/mixture.ts'
import { createRandom } from '../random/random.ts'
import { normal } from '../random/normal.ts'
import { digestSeen } from '../record/seen-records.ts'
import { loadMixture } from './load-mixture.ts'
import { saveMixture } from './save-mixture.ts'

const random = createRandom('artifact')
const numbers = (length: number): Float64Array => Float64Array.from({ length }, () => normal(random))
const records = [
  { id: 'r0', input: 'How was it?', output: 'Fine ☕', respondent: 'anna', attributes: { age: '18-29' } },
  { id: 'r1', input: 'How was it?', output: 'Awful', respondent: 'ben', attributes: { age: '60+' } },
]
const mixture = new Mixture({
  personas: [
    {
      id: 'p0',
      text: 'Writes short texts.',
      provenance: { kind: 'statistics', cluster: 0, size: 2, recordIds: ['r0'] },
    },
    { id: 'p1', text: 'Complains.' },
  ],
  exemplars: records,
  gate: roundGate({
    d: 2,
    dPrime: 3,
    wx: numbers(6),
    personas: { rows: 2, columns: 2, data: numbers(4) },
    exemplars: { rows: 2, columns: 2, data: numbers(4) },
    personaOffsets: numbers(2),
    exemplarOffsets: Float64Array.of(-1, -Infinity),
    logTemperatures: numbers(2),
  }),
  encoder: { id: 'fake', dimension: 3, state: { idf: 'AAAA' } },
  provenance: {
    scorer: 'fake',
    template: 'chat-1',
    records: 2,
    seed: '1',
    seen: await digestSeen(records),
  },
})

async function reasonOf(text: string, options = {}): Promise<string> {
  const error = await loadMixture(text, { file: 'm.json', ...options }).then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof ArtifactError)) throw new Error(`expected an ArtifactError, found ${String(error)}`)
  expect(error.message).toContain('m.json')
  expect(error.remedy).toBeTruthy()
  return error.reason
}

describe('an artifact', () => {
  test('gives back the same mixture, number for number', async () => {
    const { mixture: loaded, contains } = await loadMixture(await saveMixture(mixture))
    expect(loaded.gate).toEqual(mixture.gate)
    expect(loaded.personas).toEqual(mixture.personas)
    expect(loaded.exemplars).toEqual(mixture.exemplars)
    expect(loaded.encoder).toEqual(mixture.encoder)
    expect(contains).toEqual({
      exemplarTexts: true,
      personaTexts: true,
      recordIds: true,
      respondents: true,
      attributes: true,
      recordDigests: true,
    })
    expect(loaded.provenance).toEqual(mixture.provenance)
    expect(await saveMixture(loaded)).toBe(await saveMixture(mixture))
  })

  test('is refused where its gate has no weight above zero, or is not finite', async () => {
    const broken = [
      { personaOffsets: Float64Array.of(-Infinity, -Infinity) },
      { logTemperatures: Float64Array.of(-Infinity, 0) },
      { wx: new Float64Array(6).fill(-Infinity) },
    ]
    for (const part of broken) {
      const { personas, exemplars, encoder, provenance } = mixture
      const gate = { ...mixture.gate, ...part }
      const text = await saveMixture(new Mixture({ personas, exemplars, encoder, provenance, gate }))
      expect(await reasonOf(text)).toBe('invalid')
    }
  })

  test('can be made without texts of the population, and then needs the records', async () => {
    const text = await saveMixture(mixture, { exemplarTexts: 'omit' })
    for (const word of ['Fine', 'Awful', 'anna', 'ben', '18-29']) expect(text).not.toContain(word)
    expect(await reasonOf(text)).toBe('records-needed')
    expect(await reasonOf(text, { records: [{ ...records[0], output: 'changed' }, records[1]] })).toBe(
      'records-needed',
    )
    const { mixture: loaded, contains } = await loadMixture(text, { records })
    expect(contains).toMatchObject({ exemplarTexts: false, respondents: false, attributes: false })
    expect(loaded.exemplars).toEqual(mixture.exemplars)
    expect(loaded.provenance.seen).toEqual({ ids: mixture.provenance.seen?.ids })
    expect(loaded.personas[0]?.provenance).toEqual({ kind: 'statistics', cluster: 0, size: 2 })
  })

  test('tells truncated, foreign, newer, edited and invalid files apart', async () => {
    const text = await saveMixture(mixture)
    expect(await reasonOf(text.slice(0, text.length / 2))).toBe('truncated')
    expect(await reasonOf('id,text\n1,hello')).toBe('foreign')
    expect(await reasonOf('[1, 2]')).toBe('foreign')
    expect(await reasonOf('{"name": "some-package"}')).toBe('foreign')
    expect(await reasonOf(text.replace('"version": 1', '"version": 2'))).toBe('newer')
    expect(await reasonOf(text.replace('Complains.', 'Praises.'))).toBe('edited')
    const edited = await loadMixture(text.replace('Complains.', 'Praises.'), { allowEdited: true })
    expect(edited.mixture.personas[1]?.text).toBe('Praises.')
    expect(await reasonOf(text.replace('"rank": 2', '"rank": 3'), { allowEdited: true })).toBe('invalid')
    expect(await reasonOf(text.replace('"rank": 2', '"rank": "2"'), { allowEdited: true })).toBe('invalid')
    const short = text.replace(/"ids": "./, '"ids": "')
    expect(short).not.toBe(text)
    expect(await reasonOf(short, { allowEdited: true })).toBe('invalid')
  })

  test('hostile JSON reaches no prototype', async () => {
    const text = await saveMixture(mixture)
    const hostile = text.replace('"attributes": {', '"attributes": {"__proto__": {"polluted": true},')
    expect(hostile).not.toBe(text)
    expect(await reasonOf(hostile, { allowEdited: true })).toBe('invalid')
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
  })
})
