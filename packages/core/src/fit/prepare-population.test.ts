import { describe, expect, test } from 'vitest'
import type { Encoder } from '../ports/encoder.ts'
import { noUsage } from '../ports/usage.ts'
import type { PopulationRecord } from '../record/population-record.ts'
import { preparePopulation } from './prepare-population.ts'
import { splitRecords } from './split-records.ts'

/** Counts of letters: enough to tell the texts below apart. */
const encoder: Encoder = {
  id: 'letters',
  dimension: 26,
  encode: (texts) =>
    Promise.resolve({
      embeddings: texts.map((text) => {
        const counts = Float32Array.from(
          { length: 26 },
          (_, letter) => text.toLowerCase().split(String.fromCharCode(97 + letter)).length - 1 + 0.01,
        )
        const norm = Math.hypot(...counts)
        return counts.map((count) => count / norm)
      }),
      usage: noUsage,
    }),
}

const records = Array.from({ length: 120 }, (_, index): PopulationRecord => ({
  id: `r${index}`,
  input: `Question ${index % 4}?`,
  output: `${index % 2 === 0 ? 'zzzzzz' : 'mmmmmm'} ${'abcdefghijklnopqrstuvwxy'[index % 24]?.repeat(4)} ${index}`,
}))

describe('splitRecords', () => {
  test('nobody stands on both sides, and the shares are met', () => {
    const people = records.map((record, index) => ({ ...record, respondent: `person ${index % 30}` }))
    const { train, validation, heldOut } = splitRecords(people, { seed: 3, heldOut: 0.25, validation: 0.1 })
    expect(train.length + validation.length + heldOut.length).toBe(120)
    expect(Math.abs(heldOut.length - 30)).toBeLessThan(4)
    expect(Math.abs(validation.length - 12)).toBeLessThan(4)
    const parts = [train, validation, heldOut].map(
      (part) => new Set(part.map(({ respondent }) => respondent)),
    )
    for (const person of new Set(people.map(({ respondent }) => respondent))) {
      expect(parts.filter((part) => part.has(person))).toHaveLength(1)
    }
  })

  test('the same free text stays on one side', () => {
    const twice = records.flatMap((record) => [
      record,
      { ...record, id: `${record.id} again`, output: record.output.toUpperCase() },
    ])
    const { train, validation, heldOut } = splitRecords(twice, { seed: 3 })
    const parts = [train, validation, heldOut].map(
      (part) => new Set(part.map(({ output }) => output.toLowerCase())),
    )
    for (const { output } of records) expect(parts.filter((part) => part.has(output))).toHaveLength(1)
  })

  test('hundreds of thousands of records of one text are one group like any other', () => {
    const many = Array.from({ length: 200_000 }, (_, index): PopulationRecord => ({
      id: `r${index}`,
      input: 'How was it?',
      output: index < 150_000 ? 'Good' : `Text ${index}`,
    }))
    const { train, validation, heldOut } = splitRecords(many, { seed: 1 })
    expect(train.length + validation.length + heldOut.length).toBe(200_000)
  })

  test('says what is wrong with shares and with too few records', () => {
    expect(() => splitRecords(records, { seed: 1, heldOut: 0.7, validation: 0.4 })).toThrow(/sum is below 1/)
    expect(() => splitRecords(records.slice(0, 2), { seed: 1 })).toThrow(/train part would be empty/)
  })
})

describe('preparePopulation', () => {
  test('personas and exemplars come from the training part alone, each distinct input among the exemplars', async () => {
    const split = splitRecords(records, { seed: 1 })
    const population = await preparePopulation(split, {
      encoder,
      seed: 1,
      personas: { count: 2 },
      exemplars: { count: 12 },
    })
    const training = new Set(split.train.map(({ id }) => id))
    expect(population.exemplars.every(({ id }) => training.has(id))).toBe(true)
    expect(population.exemplars).toHaveLength(12)
    expect(new Set(population.exemplars.map(({ input }) => input)).size).toBe(4)
    expect(population.personas).toHaveLength(2)
    expect(
      population.personas.every(({ provenance }) => provenance?.recordIds?.every((id) => training.has(id))),
    ).toBe(true)
    expect(population.encoder).toEqual({ id: 'letters', dimension: 26 })
  })

  test('a text that a persona quotes is not learned from', async () => {
    const split = splitRecords(records, { seed: 1 })
    const population = await preparePopulation(split, {
      encoder,
      seed: 1,
      personas: { count: 2 },
      exemplars: { count: 4 },
    })
    const lost = split.train.filter((record) => !population.split.train.includes(record))
    expect(lost).toHaveLength(2)
    for (const { output } of lost)
      expect(population.personas.some(({ text }) => text.includes(output))).toBe(true)
    const quiet = await preparePopulation(split, {
      encoder,
      seed: 1,
      personas: { count: 2 },
      exemplars: { count: 4 },
      quoteRecords: false,
    })
    expect(quiet.split.train).toEqual(split.train)
    for (const { output } of records)
      expect(quiet.personas.some(({ text }) => text.includes(output))).toBe(false)
  })

  test('nor is the same text of somebody else, in any part', async () => {
    const people = records.flatMap((record, index) => [
      { ...record, respondent: `person ${index}` },
      {
        ...record,
        id: `${record.id} again`,
        output: record.output.toUpperCase(),
        respondent: `other ${index}`,
      },
    ])
    const { personas, split } = await preparePopulation(splitRecords(people, { seed: 1 }), {
      encoder,
      seed: 1,
      personas: { count: 2 },
      exemplars: { count: 4 },
    })
    const quotes = personas.map(({ text }) => text.toLowerCase())
    for (const part of [split.train, split.validation, split.heldOut]) {
      expect(part.length).toBeGreaterThan(0)
      for (const { output } of part) expect(quotes.join('\n')).not.toContain(`"${output.toLowerCase()}"`)
    }
    expect(split.train.length + split.validation.length + split.heldOut.length).toBe(2 * 120 - 4)
  })

  test('respondents with several answers are clustered as people, not by question', async () => {
    const choices = ['zzzz', 'mmmm']
    const people = Array.from({ length: 160 }, (_, index): PopulationRecord => {
      const person = Math.floor(index / 4)
      return {
        id: `r${index}`,
        input: `Question about ${'abcd'[index % 4]?.repeat(9)}?`,
        choices,
        output: person % 2 === 0 ? 'zzzz' : 'mmmm',
        respondent: `person ${person}`,
      }
    })
    const split = splitRecords(people, { seed: 1 })
    const { personas } = await preparePopulation(split, {
      encoder,
      seed: 1,
      personas: { count: 2 },
      exemplars: { count: 8 },
    })
    const answers = new Map(people.map(({ id, output }) => [id, output]))
    for (const { provenance } of personas) {
      expect(new Set(provenance?.recordIds?.map((id) => answers.get(id))).size).toBe(1)
    }
  })

  test('given personas and exemplars are taken as they are', async () => {
    const split = splitRecords(records, { seed: 1 })
    const personas = [{ id: 'a', text: 'Short.' }]
    const exemplars = [{ id: 'e', input: 'q', output: 'a' }]
    const population = await preparePopulation(split, { encoder, seed: 1, personas, exemplars })
    expect(population).toMatchObject({ personas, exemplars, split })
  })
})
