import { loadMixture } from '@mop/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type {
  AnswerEvent,
  AskEvent,
  ChoicePicture,
  DrawnPromptView,
  MapPicture,
  MixtureSummary,
  PopulationSummary,
  Problem,
  Question,
  Side,
  Status,
  Weights,
} from '../../api-contract.ts'
import { type AnsweringEngine, openEngine } from '../engine/answering-engine.ts'
import { eventsOf, openTestDemo, type TestDemo } from '../testing/test-demo.ts'

let engine: AnsweringEngine
let demo: TestDemo

beforeAll(async () => {
  engine = await openEngine()
  demo = await openTestDemo({ engine })
})
afterAll(async () => {
  await demo[Symbol.asyncDispose]()
  await engine[Symbol.asyncDispose]()
})

const society = '/api/populations/society'
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
const json = async <Body>(response: Response | Promise<Response>): Promise<Body> =>
  (await (await response).json()) as Body

describe('the mixture of the shipped population', () => {
  it('is told: personas with sizes, figures, attributes, what it contains', async () => {
    const mixture = await json<MixtureSummary>(demo.get(`${society}/mixture`))
    expect(mixture.personas).toHaveLength(12)
    expect(sum(mixture.personas.map(({ size }) => size))).toBeCloseTo(1, 6)
    expect(mixture.personas.every(({ temperature }) => temperature > 0)).toBe(true)
    expect(mixture.exemplars).toBe(24)
    expect(mixture.heldOut.mixture.perRecord).toBeGreaterThan(mixture.heldOut.bare.perRecord)
    expect(mixture.gainOver.bare.interval[0]).toBeGreaterThan(0)
    expect(mixture.attributes).toContainEqual({
      name: 'age',
      values: expect.arrayContaining(['18-29', '30-44', '45-60', '> 60']),
    })
    expect(mixture.contains).toContain('The words of 24 exemplars, as people wrote them.')
    expect(mixture.scorer).toBe(engine.scorer.id)
  })

  it('can be downloaded, with people’s texts and without', async () => {
    const whole = await demo.get(`${society}/mixture.json`)
    expect(whole.headers.get('content-disposition')).toBe('attachment; filename="mixture.json"')
    const loaded = await loadMixture(await whole.text())
    expect(loaded.contains.exemplarTexts).toBe(true)
    const [exemplar] = loaded.mixture.exemplars
    const without = await demo.get(`${society}/mixture.json?without=texts`)
    const text = await without.text()
    expect(without.headers.get('content-disposition')).toContain('mixture-without-texts.json')
    expect(text).not.toContain(JSON.stringify(exemplar?.output))
    const population = await demo.populations.get('society').records()
    const { contains, report } = await loadMixture(text, { records: population })
    expect(contains).toMatchObject({ exemplarTexts: false, respondents: false, attributes: false })
    expect(report).toEqual(loaded.report)
  })

  it('is not there before a fit', async () => {
    const { id } = await json<PopulationSummary>(demo.upload('a.csv', 'input,output\na,b\n'))
    for (const path of ['mixture', 'mixture.json']) {
      const response = await demo.get(`/api/populations/${id}/${path}`)
      expect(response.status).toBe(404)
      expect(((await response.json()) as Problem).remedy).toBe('Fit one first.')
    }
    const body = { input: 'a', seed: 1, n: 1 }
    expect((await demo.post(`/api/populations/${id}/ask`, body)).status).toBe(404)
  })
})

describe('weights', () => {
  it('are those of the personas, and the heaviest pairs', async () => {
    const weights = await json<Weights>(demo.post(`${society}/weights`, { input: 'Review a film.' }))
    expect(weights.personas).toHaveLength(12)
    expect(sum(weights.personas)).toBeCloseTo(1, 9)
    expect(weights.effectivePersonas).toBeGreaterThan(1)
    expect(weights.effectivePersonas).toBeLessThanOrEqual(12)
    expect(weights.components).toHaveLength(8)
    const heaviest = weights.components.map(({ weight }) => weight)
    expect(heaviest).toEqual(heaviest.toSorted((a, b) => b - a))
    expect(weights.components[0]).toHaveProperty('exemplar.output')
  })

  it('are others for a group', async () => {
    const of = (given: object): Promise<Weights> =>
      json<Weights>(demo.post(`${society}/weights`, { input: 'Review a film.', given }))
    const [young, old] = await Promise.all([of({ age: '18-29' }), of({ age: '> 60' })])
    expect(young.personas).not.toEqual(old.personas)
    expect(sum(young.personas)).toBeCloseTo(1, 9)
  })
})

describe('a prompt', () => {
  it('is the same for the same seed, and names who was drawn', async () => {
    const ask = (seed: number): Promise<DrawnPromptView> =>
      json<DrawnPromptView>(demo.post(`${society}/prompt`, { input: 'Review a film.', seed }))
    const first = await ask(3)
    expect(await ask(3)).toEqual(first)
    expect(first.messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'user'])
    expect(first.messages.at(-1)?.content).toBe('Review a film.')
    expect(first.draw).toMatchObject({ personas: [expect.any(String)], seed: 3 })
    expect(first.draw.probability).toBeGreaterThan(0)
  })
})

/** The closed question, or the one in free text, that most people answered. */
async function mostAsked(closed: boolean): Promise<Question> {
  const { populations } = await json<Status>(demo.get('/api/status'))
  const found = populations[0]?.questions.find(({ choices }) => (choices !== undefined) === closed)
  if (found === undefined) throw new Error('Nobody was asked such a question.')
  return found
}

/** What one side said, in its order. */
function answersOf(events: readonly AskEvent[], side: Side): readonly AnswerEvent[] {
  return events
    .filter((event): event is AnswerEvent => event.type === 'answer' && event.side === side)
    .toSorted((a, b) => a.index - b.index)
}

describe('a question in free text', () => {
  it('is answered by both sides in turns, and ends with a map', async () => {
    const { input } = await mostAsked(false)
    const request = { input, n: 4, seed: 5 }
    const response = await demo.post(`${society}/ask`, request)
    expect(response.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8')
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    const events = await eventsOf<AskEvent>(response)
    expect(events.map(({ type }) => type)).toEqual([...Array<string>(8).fill('answer'), 'picture', 'done'])
    const sides = events.slice(0, 4).map((event) => (event.type === 'answer' ? event.side : undefined))
    expect(new Set(sides)).toEqual(new Set(['bare', 'mixture']))
    const mixture = answersOf(events, 'mixture')
    const bare = answersOf(events, 'bare')
    expect(mixture.map(({ index }) => index)).toEqual([0, 1, 2, 3])
    expect(bare.map(({ index }) => index)).toEqual([0, 1, 2, 3])
    expect(mixture.every(({ persona }) => persona !== undefined)).toBe(true)
    expect(bare.every(({ persona }) => persona === undefined)).toBe(true)

    const picture = pictureOf(events) as MapPicture
    expect(picture).toMatchObject({ kind: 'map', real: 'question' })
    expect(picture.figures.map(({ who, n }) => [who, n])).toEqual([
      ['population', 150],
      ['mixture', 4],
      ['bare', 4],
    ])
    expect(picture.points).toHaveLength(158)
    expect(picture.points.every(({ x, y }) => Number.isFinite(x) && Number.isFinite(y))).toBe(true)
    expect(picture.explained).toBeGreaterThan(0)
    expect(picture.explained).toBeLessThanOrEqual(1)
    expect(picture.floor).toBeGreaterThanOrEqual(0)
    for (const { who, distance } of picture.figures) {
      if (who === 'population') expect(distance).toBeUndefined()
      else expect(distance).toBeGreaterThanOrEqual(0)
    }
  })

  it('gives the same answers for the same seed', async () => {
    const ask = async (seed: number): Promise<string> => {
      const events = await eventsOf<AskEvent>(
        await demo.post(`${society}/ask`, { input: 'Review a film.', n: 2, seed }),
      )
      return JSON.stringify([answersOf(events, 'mixture'), answersOf(events, 'bare'), pictureOf(events)])
    }
    const first = await ask(1)
    expect(await ask(1)).toBe(first)
    expect(await ask(2)).not.toBe(first)
  })

  it('that nobody was asked is shown beside what people said to others', async () => {
    const request = { input: 'What is a good name for a boat?', n: 1, seed: 1 }
    const events = await eventsOf<AskEvent>(await demo.post(`${society}/ask`, request))
    const picture = pictureOf(events) as MapPicture
    expect(picture.real).toBe('population')
    expect(picture.figures[0]).toMatchObject({ who: 'population', n: 150 })
  })

  it('for a group is answered by its members and shown beside them', async () => {
    const { personas } = await json<MixtureSummary>(demo.get(`${society}/mixture`))
    const given = { age: '18-29' }
    const request = { input: 'Review a film.', n: 6, seed: 1, given }
    const events = await eventsOf<AskEvent>(await demo.post(`${society}/ask`, request))
    const weights = await json<Weights>(demo.post(`${society}/weights`, { input: request.input, given }))
    for (const { persona } of answersOf(events, 'mixture')) {
      const index = personas.findIndex(({ id }) => id === persona)
      expect(weights.personas[index]).toBeGreaterThan(0)
    }
    const young = new Set(
      (await demo.populations.get('society').records())
        .filter(({ attributes }) => attributes?.['age'] === '18-29')
        .map(({ output }) => output),
    )
    const shown = (pictureOf(events) as MapPicture).points.filter(({ who }) => who === 'population')
    expect(shown.length).toBeGreaterThan(20)
    expect(shown.every(({ text }) => young.has(text))).toBe(true)
  })
})

describe('a closed question', () => {
  const input = 'Is tea nice?'
  const choices = ['Yes', 'No']

  it('ends with the likelihoods of both beside what people said', async () => {
    const { input, choices = [], records } = await mostAsked(true)
    const events = await eventsOf<AskEvent>(
      await demo.post(`${society}/ask`, { input, choices, n: 2, seed: 1 }),
    )
    const picture = pictureOf(events) as ChoicePicture
    expect(picture).toMatchObject({ kind: 'choices', choices })
    expect(picture.rows.map(({ who, how }) => [who, how])).toEqual([
      ['population', 'counted'],
      ['mixture', 'likelihoods'],
      ['bare', 'likelihoods'],
    ])
    for (const { probabilities, intervals } of picture.rows) {
      expect(sum(probabilities)).toBeCloseTo(1, 6)
      expect(intervals).toHaveLength(choices.length)
    }
    expect(picture.rows[0]?.n).toBe(records)
    expect(picture.distance?.mixture).toBeGreaterThanOrEqual(0)
    expect(picture.distance?.bare).toBeLessThanOrEqual(1)
  })

  it('that nobody was asked has no row of the population and no distance', async () => {
    const request = { input, choices, n: 1, seed: 1 }
    const picture = pictureOf(await eventsOf<AskEvent>(await demo.post(`${society}/ask`, request)))
    expect((picture as ChoicePicture).rows.map(({ who }) => who)).toEqual(['mixture', 'bare'])
    expect(picture).not.toHaveProperty('distance')
  })

  it.each<[string, object]>([
    ['one choice', { choices: ['Yes'] }],
    ['a choice twice', { choices: ['Yes', 'yes '] }],
    ['no choice', { choices: [] }],
    ['choices that are the same but for their marks', { choices: ['Yes', 'Yes!'] }],
    ['too many answers', { n: 61 }],
    ['no answers', { n: 0 }],
    ['half an answer', { n: 1.5 }],
    ['a negative seed', { seed: -1 }],
  ])('with %s is refused', async (_name, wrong) => {
    const response = await demo.post(`${society}/ask`, { input, choices, n: 1, seed: 1, ...wrong })
    expect(response.status).toBe(400)
    expect(((await response.json()) as Problem).field).toBe(Object.keys(wrong)[0])
  })
})

describe('a stream', () => {
  it('ends when its reader goes away, and the engine is free again', async () => {
    const response = await demo.post(`${society}/ask`, { input: 'Review a film.', n: 60, seed: 1 })
    const reader = response.body?.getReader()
    await reader?.read()
    await reader?.cancel()
    const next = await eventsOf<AskEvent>(
      await demo.post(`${society}/ask`, { input: 'Review a film.', n: 1, seed: 1 }),
    )
    expect(next.at(-1)?.type).toBe('done')
    expect(demo.logged).toEqual([])
  })

  it('ends with the server', async () => {
    await using ending = await openTestDemo({ engine })
    const response = await ending.post(`${society}/ask`, { input: 'Review a film.', n: 60, seed: 1 })
    const reader = response.body?.getReader()
    await reader?.read()
    ending.stop.abort()
    let last = await reader?.read()
    while (last?.done === false) last = await reader?.read()
    expect(last?.done).toBe(true)
  })

  it('says what went wrong in its last line', async () => {
    const input = '漢'.repeat(2000)
    const events = await eventsOf<AskEvent>(await demo.post(`${society}/ask`, { input, n: 1, seed: 1 }))
    expect(events.at(-1)).toMatchObject({ type: 'failed', problem: { message: expect.any(String) } })
  })
})

function pictureOf(events: readonly AskEvent[]): ChoicePicture | MapPicture | undefined {
  return events.flatMap((event) => (event.type === 'picture' ? [event.picture] : []))[0]
}
