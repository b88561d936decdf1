import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type AdapterEvent,
  type AdapterSource,
  type DrawnPromptView,
  frameworks,
  type Problem,
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

type Answered = AdapterEvent & { readonly type: 'answered' }

async function run(framework: string, request: object): Promise<readonly AdapterEvent[]> {
  const body = { population: 'society', input: 'Review a film.', seed: 4, ...request }
  return eventsOf<AdapterEvent>(await demo.post(`/api/adapters/${framework}/run`, body))
}

function answeredOf(events: readonly AdapterEvent[]): Answered {
  const [answered] = events.filter((event): event is Answered => event.type === 'answered')
  if (answered === undefined) throw new Error(`No answer: ${JSON.stringify(events)}`)
  return answered
}

describe.each(frameworks)('%s', (framework) => {
  it('streams pieces, which are the answer together, then who it was', async () => {
    const events = await run(framework, {})
    const pieces = events.flatMap((event) => (event.type === 'piece' ? [event.text] : []))
    expect(pieces.length).toBeGreaterThan(1)
    expect(events.slice(-2).map(({ type }) => type)).toEqual(['answered', 'done'])
    const { text, draw, persona } = answeredOf(events)
    expect(text).toBe(pieces.join(''))
    expect(draw.personas).toEqual([persona])
  })

  it('draws whom the page shows for this seed', async () => {
    for (const seed of [1, 2, 3]) {
      const request = { input: 'Review a film.', seed, given: { age: '18-29' } }
      const response = await demo.post('/api/populations/society/prompt', request)
      const { draw } = (await response.json()) as DrawnPromptView
      expect(answeredOf(await run(framework, request)).draw).toEqual(draw)
    }
  })

  it('shows the file that runs, short enough to be read', async () => {
    const response = await demo.get(`/api/adapters/${framework}/source`)
    const source = (await response.json()) as AdapterSource
    const root = new URL('../../../../../', import.meta.url)
    expect(source.text).toBe(await readFile(new URL(source.file, root), 'utf8'))
    expect(source.text.split('\n').length).toBeLessThanOrEqual(32)
    expect(source.packages).toHaveLength(2)
    for (const name of source.packages) expect(name).toMatch(/^[@\w/-]+ \d+\.\d+\.\d+/)
  })

  it('stops when its reader goes away, and the engine is free again', async () => {
    const body = { population: 'society', input: 'Review a film.', seed: 4 }
    const response = await demo.post(`/api/adapters/${framework}/run`, body)
    const reader = response.body?.getReader()
    await reader?.read()
    await reader?.cancel()
    expect((await run(framework, {})).at(-1)?.type).toBe('done')
    expect(demo.logged).toEqual([])
  })

  it.each<[string, object, number, string | undefined]>([
    ['a group that the mixture does not know', { given: { shoe: '44' } }, 400, 'given.shoe'],
    ['no question', { input: '' }, 400, 'input'],
    ['a population that is not there', { population: 'p-1' }, 404, undefined],
  ])('refuses %s', async (_name, wrong, status, field) => {
    const body = { population: 'society', input: 'Review a film.', seed: 4, ...wrong }
    const response = await demo.post(`/api/adapters/${framework}/run`, body)
    expect(response.status).toBe(status)
    expect(((await response.json()) as Problem).field).toBe(field)
  })
})

describe('all three', () => {
  it('draw the same persona and exemplar for the same seed, and give the same text', async () => {
    for (const seed of [11, 12]) {
      const answers = []
      for (const framework of frameworks) answers.push(answeredOf(await run(framework, { seed })))
      expect(answers[1]).toEqual(answers[0])
      expect(answers[2]).toEqual(answers[0])
    }
  })

  it('are all there are', async () => {
    expect((await demo.get('/api/adapters/constructor/source')).status).toBe(404)
    expect((await demo.post('/api/adapters/other/run', {})).status).toBe(404)
  })
})
