import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Problem, Status } from '../api-contract.ts'
import { type AnsweringEngine, openEngine } from './engine/answering-engine.ts'
import { openTestDemo, type TestDemo } from './testing/test-demo.ts'

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

describe('status', () => {
  it('tells which model answers, the limits, and the shipped population with its mixture', async () => {
    const response = await demo.get('/api/status')
    expect(response.status).toBe(200)
    const status = (await response.json()) as Status
    expect(status.engine).toMatchObject({ kind: 'embedded', scorer: expect.stringMatching(/^local:/) })
    expect(status.limits.uploadBytes).toBe(8 * 2 ** 20)
    expect(status.populations).toHaveLength(1)
    expect(status.populations[0]).toMatchObject({
      id: 'society',
      name: 'society',
      shipped: true,
      hasMixture: true,
    })
    const [society] = status.populations
    const records = await demo.populations.get('society').records()
    expect(society?.records).toBe(records.length)
    expect(society?.closedAnswers).toBe(records.filter(({ choices }) => choices !== undefined).length)
    expect(society?.respondents).toBe(new Set(records.map(({ respondent }) => respondent)).size)
    expect(society?.questions).toHaveLength(60)
    const counts = society?.questions.map(({ records }) => records) ?? []
    expect(counts).toEqual(counts.toSorted((a, b) => b - a))
    expect(society?.sample[0]).toHaveProperty('attributes.age')
    expect(society).not.toHaveProperty('fit')
  })
})

describe('every response', () => {
  it.each([
    ['/api/status', 200],
    ['/', 503],
    ['/api/nothing', 404],
    ['/api/populations/nobody/mixture', 404],
    ['/nothing.js', 404],
  ])('%s has the security headers', async (path, status) => {
    const response = await demo.get(path)
    expect(response.status).toBe(status)
    const { headers } = response
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    )
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin')
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin')
    expect(headers.get('cache-control')).toBe('no-store')
  })

  it('names what is not there', async () => {
    const response = await demo.get('/api/nothing')
    expect(((await response.json()) as Problem).message).toBe('There is nothing at GET /api/nothing.')
  })
})

describe('requests of others', () => {
  it.each(['evil.example', 'evil.example:4747', '127.0.0.1.evil.example', ''])(
    'under the name %j are refused',
    async (host) => {
      const response = await demo.get('/api/status', { host })
      expect(response.status).toBe(403)
      expect(await response.text()).not.toContain('society')
    },
  )

  it.each(['127.0.0.1:1', 'localhost', '[::1]:4747', 'LOCALHOST:9'])(
    'under the loopback name %s are answered',
    async (host) => {
      expect((await demo.get('/api/status', { host })).status).toBe(200)
    },
  )

  const question = { input: 'Review a film.' }
  const weights = '/api/populations/society/weights'
  it.each<[Record<string, string>, number]>([
    [{ origin: 'http://127.0.0.1:4747' }, 200],
    [{ origin: 'http://127.0.0.1:4747', 'sec-fetch-site': 'same-origin' }, 200],
    [{ 'sec-fetch-site': 'none' }, 200],
    [{ origin: 'http://127.0.0.1:9999' }, 403],
    [{ origin: 'http://evil.example' }, 403],
    [{ origin: 'null' }, 403],
    [{ 'sec-fetch-site': 'cross-site' }, 403],
    [{ 'sec-fetch-site': 'same-site' }, 403],
  ])('that change something: %j gets %i', async (headers, status) => {
    expect((await demo.post(weights, question, headers)).status).toBe(status)
  })

  it('cannot upload or delete either', async () => {
    const headers = { host: '127.0.0.1:4747', origin: 'http://evil.example' }
    for (const [method, path] of [
      ['POST', '/api/populations?name=a.jsonl'],
      ['DELETE', '/api/populations/society'],
      ['POST', '/api/populations/society/fit/cancel'],
    ] as const) {
      const response = await demo.application.request(path, { method, headers })
      expect(response.status).toBe(403)
    }
  })

  it('are answered under the name that the server was given', async () => {
    await using named = await openTestDemo({ engine, host: 'demo.example' })
    expect((await named.get('/api/status')).status).toBe(200)
    expect((await named.get('/api/status', { host: 'localhost:4747' })).status).toBe(403)
  })
})

describe('the bodies of requests', () => {
  const path = '/api/populations/society/weights'
  const problemOf = async (response: Response): Promise<Problem> => (await response.json()) as Problem

  it('must be of type application/json', async () => {
    const response = await demo.post(path, { input: 'x' }, { 'content-type': 'text/plain' })
    expect(response.status).toBe(415)
    expect((await problemOf(response)).message).toContain('"text/plain"')
  })

  it('must be JSON', async () => {
    const headers = { host: '127.0.0.1', 'content-type': 'application/json; charset=utf-8' }
    const response = await demo.application.request(path, { method: 'POST', headers, body: '{"input":' })
    expect(response.status).toBe(400)
  })

  it('must not be larger than 64 kB', async () => {
    const response = await demo.post(path, { input: 'x'.repeat(65 * 1024) })
    expect(response.status).toBe(413)
    expect((await problemOf(response)).message).toBe('That is larger than 64 kB.')
  })

  it.each<[name: string, body: unknown, field: string | undefined]>([
    ['no question', {}, 'input'],
    ['an empty question', { input: ' ' }, 'input'],
    ['a number', { input: 7 }, 'input'],
    ['a very long question', { input: 'x'.repeat(2001) }, 'input'],
    ['a group by a number', { input: 'x', given: { age: 18 } }, 'given.age'],
    ['an unknown attribute', { input: 'x', given: { shoe: '44' } }, 'given.shoe'],
    ['an unknown value', { input: 'x', given: { age: 'new' } }, 'given.age'],
    ['an unknown field', { input: 'x', other: 1 }, 'other'],
    ['a text', 'input', undefined],
  ])('with %s are refused, naming the field', async (_name, body, field) => {
    const response = await demo.post(path, body)
    expect(response.status).toBe(400)
    const problem = await problemOf(response)
    expect(problem.field).toBe(field)
    expect(problem.message).not.toBe('')
  })
})

describe('the page', () => {
  it('says how to build it where it is not built', async () => {
    const response = await demo.get('/')
    expect(response.status).toBe(503)
    expect(response.headers.get('content-type')).toMatch(/^text\/plain/)
    expect(await response.text()).toContain('pnpm demo:web')
  })

  it('is served with hashed assets that may be kept, and nothing outside its folder', async () => {
    const page = join(demo.folder, 'built')
    await mkdir(join(page, 'assets'), { recursive: true })
    await writeFile(join(page, 'index.html'), '<!doctype html><title>x</title>')
    await writeFile(join(page, 'assets/index-abc.js'), 'export {}')
    await writeFile(join(demo.folder, 'secret.txt'), 'secret')
    await using built = await openTestDemo({ engine, page })
    const index = await built.get('/')
    expect(index.status).toBe(200)
    expect(index.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(index.headers.get('cache-control')).toBe('no-store')
    const asset = await built.get('/assets/index-abc.js')
    expect(asset.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
    expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    for (const path of [
      '/../secret.txt',
      '/%2e%2e/secret.txt',
      '/assets/..%2f..%2fsecret.txt',
      '/assets',
      '/.hidden',
    ]) {
      const response = await built.get(path)
      expect(response.status).toBe(404)
      expect(await response.text()).not.toContain('secret\n')
    }
  })
})
