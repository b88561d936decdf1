import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { loadMixture } from '@mop/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FitRequest, FitState, MixtureSummary, PopulationSummary, Problem } from '../../api-contract.ts'
import { type AnsweringEngine, openEngine } from '../engine/answering-engine.ts'
import { openTestDemo, type TestDemo } from '../testing/test-demo.ts'

let engine: AnsweringEngine

beforeAll(async () => {
  engine = await openEngine()
})
afterAll(async () => {
  await engine[Symbol.asyncDispose]()
})

/** A fit of about a hundred likelihoods. */
const tiny: FitRequest = { personas: 2, exemplars: 2, rounds: 1, pairs: 1, records: 30, seed: 1 }
/** One that takes longer than any test waits for it. */
const long: FitRequest = { personas: 'given', exemplars: 24, rounds: 3, pairs: 8, records: 1200, seed: 1 }

async function upload(demo: TestDemo): Promise<string> {
  const records = (await demo.populations.get('society').records()).slice(-30)
  const response = await demo.upload('some.jsonl', records.map((record) => JSON.stringify(record)).join('\n'))
  return ((await response.json()) as PopulationSummary).id
}

async function start(demo: TestDemo, id: string, request: FitRequest): Promise<FitState> {
  const response = await demo.post(`/api/populations/${id}/fit`, request)
  expect(response.status).toBe(202)
  return (await response.json()) as FitState
}

async function stateOf(demo: TestDemo, id: string): Promise<FitState> {
  return (await (await demo.get(`/api/populations/${id}/fit`)).json()) as FitState
}

/** Looks again and again until the fit is so far. */
async function until(
  demo: TestDemo,
  id: string,
  reached: (state: FitState) => boolean,
): Promise<readonly FitState[]> {
  const seen: FitState[] = []
  for (;;) {
    const state = await stateOf(demo, id)
    seen.push(state)
    if (reached(state)) return seen
    await setTimeout(50)
  }
}

const ended = ({ status }: FitState): boolean => status !== 'running'
const cancel = async (demo: TestDemo, id: string): Promise<FitState> =>
  (await (await demo.post(`/api/populations/${id}/fit/cancel`, {})).json()) as FitState

describe('a fit', () => {
  it('runs with progress and gives a mixture that answers', async () => {
    await using demo = await openTestDemo({ engine })
    const id = await upload(demo)
    expect((await demo.get(`/api/populations/${id}/fit`)).status).toBe(404)
    const first = await start(demo, id, tiny)
    expect(first).toMatchObject({ status: 'running', request: tiny, likelihoods: 0 })
    const seen = await until(demo, id, ended)
    const labels = new Set(seen.flatMap(({ progress }) => progress?.label ?? []))
    expect(labels.size).toBeGreaterThan(0)
    const last = seen.at(-1)
    expect(last).toMatchObject({ status: 'done', likelihoodsNeeded: expect.any(Number) })
    expect(last?.likelihoods).toBeGreaterThan(20)
    expect(last?.likelihoods).toBeLessThanOrEqual(last?.likelihoodsNeeded ?? 0)
    const mixture = (await (await demo.get(`/api/populations/${id}/mixture`)).json()) as MixtureSummary
    expect(mixture.personas).toHaveLength(2)
    expect(mixture.exemplars).toBe(2)
    const weights = await demo.post(`/api/populations/${id}/weights`, { input: 'Review a film.' })
    expect(weights.status).toBe(200)

    // The same again finds every likelihood and gives the same mixture; another request uses the table, too.
    const before = await readFile(join(demo.folder, id, 'mixture.json'), 'utf8')
    expect(await start(demo, id, tiny)).toMatchObject({ likelihoods: last?.likelihoods })
    expect((await until(demo, id, ended)).at(-1)).toMatchObject({
      status: 'done',
      likelihoods: last?.likelihoods,
    })
    const after = await readFile(join(demo.folder, id, 'mixture.json'), 'utf8')
    const gates = [before, after].map((text) => (JSON.parse(text) as { gate: unknown }).gate)
    expect(gates[1]).toEqual(gates[0])
    const { report } = await loadMixture(after)
    expect(report).toMatchObject({ likelihoods: { found: last?.likelihoods, total: last?.likelihoods } })
    expect(demo.logged).toEqual([])
  })

  it('can be cancelled and goes on from there, and only one runs at a time', async () => {
    await using demo = await openTestDemo({ engine })
    const id = await upload(demo)
    await start(demo, 'society', long)
    await until(demo, 'society', ({ likelihoods }) => likelihoods > 0)
    for (const [population, request] of [
      [id, tiny],
      ['society', long],
    ] as const) {
      const refused = await demo.post(`/api/populations/${population}/fit`, request)
      expect(refused.status).toBe(409)
      expect((await refused.json()) as Problem).toEqual({
        message: 'A fit on "society" is running.',
        remedy: 'Wait until it is done, or cancel it.',
      })
    }
    const cancelled = await cancel(demo, 'society')
    expect(cancelled).toMatchObject({ status: 'cancelled', request: long })
    expect(cancelled).not.toHaveProperty('progress')
    expect(cancelled.likelihoods).toBeGreaterThan(0)
    expect((await demo.post('/api/populations/society/fit/cancel', {})).status).toBe(409)
    expect((await demo.post(`/api/populations/${id}/fit/cancel`, {})).status).toBe(404)
    expect(await start(demo, 'society', long)).toMatchObject({
      status: 'running',
      likelihoods: cancelled.likelihoods,
    })
    const [resumed] = await until(demo, 'society', ({ likelihoods }) => likelihoods > cancelled.likelihoods)
    expect(resumed?.likelihoods).toBeGreaterThanOrEqual(cancelled.likelihoods)
    await cancel(demo, 'society')
    // The shipped mixture was in use all the time.
    expect((await demo.get('/api/populations/society/mixture')).status).toBe(200)
  })

  it('survives the end of the server: cancelled, with every likelihood, and resumable', async () => {
    await using first = await openTestDemo({ engine })
    await start(first, 'society', long)
    await until(first, 'society', ({ likelihoods }) => likelihoods > 0)
    // As after a crash: the state on disk says that it is running, and nobody runs it.
    const running = await readFile(join(first.folder, 'society/fit.json'), 'utf8')
    expect(JSON.parse(running)).toMatchObject({ status: 'running' })
    const cancelled = await cancel(first, 'society')
    await writeFile(join(first.folder, 'society/fit.json'), running)
    await using second = await openTestDemo({ engine, folder: first.folder })
    const state = await stateOf(second, 'society')
    expect(state).toMatchObject({ status: 'cancelled', request: long, likelihoods: cancelled.likelihoods })
    expect(await start(second, 'society', state.request)).toMatchObject({ likelihoods: state.likelihoods })
    await until(second, 'society', ({ likelihoods }) => likelihoods > state.likelihoods)
  })

  it('is cancelled with everything when the server is told to end', async () => {
    await using kept = await openTestDemo({ engine })
    const ending = await openTestDemo({ engine, folder: kept.folder })
    await start(ending, 'society', long)
    await ending[Symbol.asyncDispose]()
    const state = JSON.parse(await readFile(join(kept.folder, 'society/fit.json'), 'utf8')) as FitState
    expect(state).toMatchObject({ status: 'cancelled', request: long })
  })

  it('ends with its population', async () => {
    await using demo = await openTestDemo({ engine })
    const id = await upload(demo)
    await start(demo, id, { ...tiny, exemplars: 20, rounds: 6, pairs: 20, records: 30 })
    const headers = { host: '127.0.0.1' }
    const response = await demo.application.request(`/api/populations/${id}`, { method: 'DELETE', headers })
    expect(response.status).toBe(204)
    expect((await demo.get(`/api/populations/${id}/fit`)).status).toBe(404)
    const other = await upload(demo)
    expect(await start(demo, other, tiny)).toMatchObject({ status: 'running' })
  })

  it('cannot start on a population that goes, whose folder does not come back', async () => {
    await using demo = await openTestDemo({ engine })
    const id = await upload(demo)
    const headers = { host: '127.0.0.1' }
    const remove = (): Promise<Response> =>
      Promise.resolve(demo.application.request(`/api/populations/${id}`, { method: 'DELETE', headers }))
    const [begun, removed, again] = await Promise.all([
      demo.post(`/api/populations/${id}/fit`, tiny),
      remove(),
      remove(),
    ])
    expect(removed.status).toBe(204)
    expect(again.status).toBe(404)
    expect(begun.status).toBe(404)
    await setTimeout(300)
    expect(await readdir(demo.folder)).toEqual([])
    expect(demo.logged).toEqual([])
  })

  it('whose state cannot be written goes on, and later ones are written', async () => {
    await using demo = await openTestDemo({ engine })
    const id = await upload(demo)
    // A folder where the file should lie: as good as a full disk.
    await mkdir(join(demo.folder, id, 'fit.json'))
    await start(demo, id, tiny)
    expect((await until(demo, id, ended)).at(-1)).toMatchObject({ status: 'done' })
    expect(demo.logged.length).toBeGreaterThan(0)
    await rm(join(demo.folder, id, 'fit.json'), { recursive: true })
    await start(demo, id, tiny)
    expect((await until(demo, id, ended)).at(-1)).toMatchObject({ status: 'done' })
    const headers = { host: '127.0.0.1' }
    const response = await demo.application.request(`/api/populations/${id}`, { method: 'DELETE', headers })
    expect(response.status).toBe(204)
  })

  it('of too few records fails, saying so', async () => {
    await using demo = await openTestDemo({ engine })
    const response = await demo.upload('two.csv', 'input,output\na,b\nc,d\n')
    const { id } = (await response.json()) as PopulationSummary
    await start(demo, id, tiny)
    const last = (await until(demo, id, ended)).at(-1)
    expect(last?.status).toBe('failed')
    expect(last?.problem?.message).toContain('records')
  })

  it('of respondents who all have more records than it may take says so', async () => {
    await using demo = await openTestDemo({ engine })
    const lines = Array.from({ length: 60 }, (_, index) =>
      JSON.stringify({ input: 'Say it.', output: `number ${index}`, respondent: `r${index % 3}` }),
    )
    const { id } = (await (await demo.upload('few.jsonl', lines.join('\n'))).json()) as PopulationSummary
    await start(demo, id, { ...tiny, records: 15 })
    const last = (await until(demo, id, ended)).at(-1)
    expect(last).toMatchObject({ status: 'failed', problem: { field: 'records' } })
    expect(last?.problem?.message).toContain('Every respondent has more than 15 records')
  })

  it('of a text that the model cannot take names its line', async () => {
    await using demo = await openTestDemo({ engine })
    const lines = Array.from({ length: 12 }, (_, index) => ({ input: 'Say it.', output: `number ${index}` }))
    lines[4] = { input: 'Say it.', output: '漢'.repeat(5000) }
    const content = lines.map((line) => JSON.stringify(line)).join('\n')
    const { id } = (await (await demo.upload('long.jsonl', content)).json()) as PopulationSummary
    await start(demo, id, { ...tiny, records: 12 })
    const last = (await until(demo, id, ended)).at(-1)
    expect(last).toMatchObject({ status: 'failed', problem: { line: 5, field: 'output' } })
  })
})

describe('the request of a fit', () => {
  it.each<[string, Partial<Record<keyof FitRequest, unknown>>]>([
    ['no personas', { personas: 0 }],
    ['personas by another word', { personas: 'many' }],
    ['half an exemplar', { exemplars: 0.5 }],
    ['no rounds', { rounds: 0 }],
    ['too many pairs', { pairs: 1000 }],
    ['too few records', { records: 1 }],
    ['a seed that is text', { seed: 'x' }],
    ['no seed', { seed: undefined }],
  ])('with %s is refused', async (_name, wrong) => {
    await using demo = await openTestDemo({ engine })
    const response = await demo.post('/api/populations/society/fit', { ...tiny, ...wrong })
    expect(response.status).toBe(400)
    expect(((await response.json()) as Problem).field).toBe(Object.keys(wrong)[0])
  })

  it('for given personas is refused where none came with the records', async () => {
    await using demo = await openTestDemo({ engine })
    const id = await upload(demo)
    const response = await demo.post(`/api/populations/${id}/fit`, { ...tiny, personas: 'given' })
    expect(response.status).toBe(400)
    expect(((await response.json()) as Problem).field).toBe('personas')
  })
})
