import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { attributeNames, attributeTable, attributeValues } from './attributes.ts'
import { domains, drawOccasion } from './domains.ts'
import { groups, shippedGroups, trainingGroups } from './groups.ts'
import { behaviouralPersona } from './personas.ts'
import { seededRandom } from './seeded-random.ts'
import { generateSurvey } from './survey.ts'
import { generateShippedSociety, shippedShares } from './shipped-society.ts'
import { allocate, generateSociety } from './society.ts'
import {
  answerWordings,
  axisWordings,
  lengthWordings,
  punctuationWordings,
  registerWordings,
  sentencesOf,
} from './wordings.ts'

const read = (name: string): string => readFileSync(new URL(`../../data/${name}`, import.meta.url), 'utf8')

describe('generateSociety', () => {
  const plan = { seed: 5, groups: trainingGroups, shares: Array<number>(12).fill(1 / 12), records: 600 }

  it('gives the same bytes for the same seed, and others for another', () => {
    const once = JSON.stringify(generateSociety(plan))
    expect(JSON.stringify(generateSociety(plan))).toBe(once)
    expect(JSON.stringify(generateSociety({ ...plan, seed: 6 }))).not.toBe(once)
  })

  it('gives each group its declared share of the records, to within one record', () => {
    const { truth } = generateSociety({ ...plan, shares: shippedShares })
    for (const [index, group] of trainingGroups.entries()) {
      const said = Object.values(truth.groupOf).filter((name) => name === group.name).length
      expect(Math.abs(said - (shippedShares[index] ?? 0) * 600)).toBeLessThan(1)
    }
  })

  it('declares shares by domain that sum to one, differ between domains, and fit the records', () => {
    const { truth } = generateSociety({ ...plan, records: 24_000 })
    const first = trainingGroups[0]?.name ?? ''
    const distinct = new Set(domains.map((domain) => truth.sharesByDomain[domain]?.[first]))
    expect(distinct.size).toBe(domains.length)
    for (const domain of domains) {
      const declared = truth.sharesByDomain[domain] ?? {}
      expect(Object.values(declared).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 4)
      const ids = Object.keys(truth.domainOf).filter((id) => truth.domainOf[id] === domain)
      const seen = ids.filter((id) => truth.groupOf[id] === first).length / ids.length
      const share = declared[first] ?? 0
      // Five standard errors of a binomial proportion.
      expect(Math.abs(seen - share)).toBeLessThan(5 * Math.sqrt((share * (1 - share)) / ids.length))
    }
  })

  it('writes valid records with unique ids, answers among the choices, and declared attribute values', () => {
    const { records } = generateSociety(plan)
    expect(new Set(records.map(({ id }) => id)).size).toBe(600)
    for (const record of records) {
      expect(record.input.trim()).not.toBe('')
      expect(record.output.trim()).not.toBe('')
      if (record.choices !== undefined) expect(record.choices).toContain(record.output)
      for (const name of attributeNames) expect(attributeValues[name]).toContain(record.attributes?.[name])
    }
  })

  it('hardly ever repeats a free text', () => {
    const { records } = generateSociety({ ...plan, records: 6000 })
    const free = records.filter(
      ({ choices, output }) => choices === undefined && output.split(' ').length > 12,
    )
    expect(new Set(free.map(({ output }) => output)).size / free.length).toBeGreaterThan(0.98)
  })
})

describe('allocate', () => {
  it('sums to the total', () => {
    expect(allocate([0.5, 0.3, 0.2], 7)).toEqual([4, 2, 1])
    expect(allocate(shippedShares, 1201).reduce((sum, count) => sum + count, 0)).toBe(1201)
  })
})

describe('groups', () => {
  it('are twenty-four, distinct, and split in two halves that share none', () => {
    expect(new Set(groups.map(({ name }) => name)).size).toBe(24)
    expect(trainingGroups.filter((group) => shippedGroups.includes(group))).toEqual([])
    expect(shippedShares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12)
  })

  it('have attribute tables whose rows sum to one', () => {
    for (const group of groups) {
      for (const row of Object.values(attributeTable(group))) {
        expect(Math.abs(row.reduce((sum, value) => sum + value, 0) - 1)).toBeLessThan(0.003)
      }
    }
  })

  it('have personas in wordings kept from training', () => {
    for (const group of groups) {
      const trained = Array.from({ length: 40 }, (_, seed) => behaviouralPersona(group, seededRandom(seed)))
      const heldOut = behaviouralPersona(group, seededRandom(1), 'held out')
      const [first = ''] = heldOut.split('.')
      expect(trained.some((text) => text.includes(`${first}.`))).toBe(false)
    }
  })
})

describe('wordings', () => {
  const wordsIn = (text: string): readonly string[] => text.toLowerCase().match(/[a-z]+/g) ?? []
  const traits = { lengthWordings, registerWordings, punctuationWordings, answerWordings }
  const all = [
    ...Object.entries(traits).flatMap(([name, values]) =>
      Object.entries(values).map(([value, wordings]) => [`${name}.${value}`, wordings] as const),
    ),
    ...Object.entries(axisWordings).flatMap(([axis, [low, high]]) => [
      [`${axis} low`, low] as const,
      [`${axis} high`, high] as const,
    ]),
  ]

  it.each(all)('%s: held-out sentences are new, of words that training shows', (_, wordings) => {
    const trained = sentencesOf(wordings, 'trained')
    const heldOut = sentencesOf(wordings, 'held out')
    expect(heldOut.length).toBeGreaterThan(1)
    expect(heldOut.filter((text) => trained.includes(text))).toEqual([])
    const known = new Set(trained.flatMap(wordsIn))
    expect(heldOut.flatMap(wordsIn).filter((word) => !known.has(word))).toEqual([])
  })

  it.each(all)('%s: foreign sentences have words that training never uses for it', (_, wordings) => {
    const known = new Set(sentencesOf(wordings, 'trained').flatMap(wordsIn))
    for (const text of wordings.foreign) {
      expect(wordsIn(text).some((word) => !known.has(word))).toBe(true)
    }
  })
})

describe('the survey', () => {
  it('asks everybody the same, with answers from the list', () => {
    const records = generateSurvey(5, 60)
    const byPerson = Map.groupBy(records, ({ respondent }) => respondent)
    expect(byPerson.size).toBe(60)
    const questions = records.slice(0, 8).map(({ input }) => input)
    expect(new Set(questions).size).toBe(8)
    for (const answers of byPerson.values()) expect(answers.map(({ input }) => input)).toEqual(questions)
    for (const { output, choices } of records) if (choices !== undefined) expect(choices).toContain(output)
  })
})

describe('topics', () => {
  it('are held out by scope, and say so', () => {
    const random = seededRandom(3)
    for (const domain of domains) {
      for (let time = 0; time < 50; time++) {
        expect(drawOccasion(domain, random, 'trained').trained).toBe(true)
      }
    }
    const heldOut = Array.from({ length: 50 }, () => drawOccasion('film', random, 'held out'))
    expect(heldOut.some(({ trained }) => trained)).toBe(false)
    const trained = new Set(Array.from({ length: 400 }, () => drawOccasion('film', random, 'trained').topic))
    expect(heldOut.filter(({ topic }) => trained.has(topic))).toEqual([])
  })
})

describe('the shipped society', () => {
  it('reproduces from the command in its README', () => {
    const { records, truth, personas } = generateShippedSociety(20261122, 1200)
    expect(records.map((record) => `${JSON.stringify(record)}\n`).join('')).toBe(read('society.jsonl'))
    expect(
      generateSurvey(20261122, 160)
        .map((record) => `${JSON.stringify(record)}\n`)
        .join(''),
    ).toBe(read('survey.jsonl'))
    expect(truth).toEqual(JSON.parse(read('society.truth.json')))
    expect(personas).toEqual(JSON.parse(read('society.personas.json')))
  })
})
