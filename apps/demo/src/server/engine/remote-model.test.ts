import { createLocalServer, type LocalServer } from '@mop/local'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import {
  type AdapterEvent,
  type AskEvent,
  type ChoicePicture,
  frameworks,
  type Status,
} from '../../api-contract.ts'
import { startFailingService } from '../testing/failing-service.ts'
import { eventsOf, openTestDemo, type TestDemo } from '../testing/test-demo.ts'
import { type AnsweringEngine, openEngine } from './answering-engine.ts'

const apiKey = 'sk-secret/+7-key'
const society = '/api/populations/society'

describe('a model behind OpenAI’s protocol', () => {
  let service: LocalServer
  let engine: AnsweringEngine
  let demo: TestDemo

  beforeAll(async () => {
    service = await createLocalServer()
    engine = await openEngine({ baseUrl: service.url, apiKey, model: service.modelName })
    demo = await openTestDemo({ engine })
  })
  afterAll(async () => {
    await demo[Symbol.asyncDispose]()
    await engine[Symbol.asyncDispose]()
    await service.dispose()
  })

  it('is told with its address, without the key', async () => {
    const text = await (await demo.get('/api/status')).text()
    const status = JSON.parse(text) as Status
    expect(status.engine).toEqual({
      kind: 'remote',
      model: service.modelName,
      baseUrl: service.url,
      scorer: engine.scorer.id,
    })
    expect(text).not.toContain(apiKey)
  })

  it('holds secret what stands in its address after the question mark', async () => {
    await using asked = await openEngine({ baseUrl: `${service.url}?token=hidden`, apiKey, model: 'm' })
    expect(asked.secrets).toEqual([apiKey, 'hidden'])
    expect(JSON.stringify(asked.description)).not.toContain('hidden')
  })

  it('answers as the mixture that was learned with the embedded one, and bare at temperature 1', async () => {
    const request = { input: 'Review a film.', n: 3, seed: 1 }
    const events = await eventsOf<AskEvent>(await demo.post(`${society}/ask`, request))
    expect(events.map(({ type }) => type)).toEqual([...Array<string>(6).fill('answer'), 'picture', 'done'])
    for (const event of events) {
      if (event.type !== 'answer') continue
      expect(event.text).not.toBe('')
      if (event.side === 'bare') expect(event.temperature).toBe(1)
    }
  })

  it('is told the choices of a closed question, and its answers are counted', async () => {
    const { populations } = (await (await demo.get('/api/status')).json()) as Status
    const asked = populations[0]?.questions.find((question) => question.choices !== undefined)
    const request = { input: asked?.input, choices: asked?.choices, n: 6, seed: 1 }
    const events = await eventsOf<AskEvent>(await demo.post(`${society}/ask`, request))
    const [picture] = events.flatMap((event) => (event.type === 'picture' ? [event.picture] : []))
    const rows = (picture as ChoicePicture).rows.filter(({ who }) => who !== 'population')
    expect(rows.map(({ who, how, n }) => [who, how, n])).toEqual([
      ['mixture', 'counted', 6],
      ['bare', 'counted', 6],
    ])
    for (const { probabilities, unmatchedShare } of rows) {
      expect(probabilities.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 9)
      expect(unmatchedShare).toBeGreaterThanOrEqual(0)
      expect(unmatchedShare).toBeLessThanOrEqual(1)
    }
  })

  it.each(frameworks)('answers through %s', async (framework) => {
    const body = { population: 'society', input: 'Review a film.', seed: 4 }
    const events = await eventsOf<AdapterEvent>(await demo.post(`/api/adapters/${framework}/run`, body))
    expect(events.slice(-2).map(({ type }) => type)).toEqual(['answered', 'done'])
  })
})

describe.each([401, 400])('a service that refuses with status %i and repeats the key', (status) => {
  it('is told in words without the key, to the page and to the log', async () => {
    await using service = await startFailingService(status)
    await using engine = await openEngine({ baseUrl: service.url, apiKey, model: 'gpt' })
    await using demo = await openTestDemo({ engine })
    const written = (['log', 'info', 'warn', 'error', 'debug'] as const).map((name) =>
      vi.spyOn(console, name).mockImplementation(() => {}),
    )
    const ask = { input: 'Review a film.', n: 1, seed: 1 }
    const run = { population: 'society', input: 'Review a film.', seed: 1 }
    for (const [path, body] of [
      [`${society}/ask`, ask],
      ...frameworks.map((framework) => [`/api/adapters/${framework}/run`, run] as const),
    ] as const) {
      const before = service.requests.length
      const text = await (await demo.post(path, body)).text()
      expect(service.requests.length).toBeGreaterThan(before)
      expect(service.requests.at(-1)?.headers.authorization).toBe(`Bearer ${apiKey}`)
      expect(text).not.toContain(apiKey)
      expect(text).toContain('Incorrect API key provided: Bearer [key].')
      const last = JSON.parse(text.trim().split('\n').at(-1) ?? '') as AskEvent
      expect(last).toMatchObject({
        type: 'failed',
        problem: { message: expect.stringContaining(`status ${status}`), remedy: expect.any(String) },
      })
    }
    expect(demo.logged).toEqual([])
    expect(written.flatMap(({ mock }) => mock.calls)).toEqual([])
    for (const spy of written) spy.mockRestore()
  })
})

describe('a service that is not there', () => {
  it('is told as such', async () => {
    const gone = await startFailingService(500)
    await gone[Symbol.asyncDispose]()
    await using engine = await openEngine({ baseUrl: gone.url, apiKey, model: 'gpt' })
    await using demo = await openTestDemo({ engine })
    const body = { population: 'society', input: 'Review a film.', seed: 1 }
    for (const framework of frameworks) {
      const events = await eventsOf<AdapterEvent>(await demo.post(`/api/adapters/${framework}/run`, body))
      expect(events.at(-1)).toMatchObject({
        type: 'failed',
        problem: { message: expect.stringContaining('cannot be reached') },
      })
    }
    expect(demo.logged).toEqual([])
  })
})
