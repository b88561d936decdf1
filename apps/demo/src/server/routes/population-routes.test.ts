import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PopulationSummary, Problem, Status } from '../../api-contract.ts'
import { type AnsweringEngine, openEngine } from '../engine/answering-engine.ts'
import { limits, mostUploads } from '../limits.ts'
import { openTestDemo, type TestDemo } from '../testing/test-demo.ts'

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

const remove = (path: string): Response | Promise<Response> =>
  demo.application.request(path, { method: 'DELETE', headers: { host: '127.0.0.1' } })

describe('an upload', () => {
  it.each<[name: string, content: string]>([
    ['people.jsonl', '{"input":"Tea?","output":"Yes"}\n{"input":"Tea?","output":"Never"}\n'],
    ['people.NDJSON', '{"input":"Tea?","output":"Yes"}\n{"input":"Tea?","output":"Never"}\n'],
    ['people.json', '[{"input":"Tea?","output":"Yes"},{"input":"Tea?","output":"Never"}]'],
    ['people.csv', 'input,output,age\nTea?,Yes,old\nTea?,Never,young\n'],
    ['people.tsv', 'input\toutput\nTea?\tYes\nTea?\tNever\n'],
  ])('%s becomes a population', async (name, content) => {
    const response = await demo.upload(name, content)
    expect(response.status).toBe(201)
    const summary = (await response.json()) as PopulationSummary
    expect(summary).toMatchObject({ name, shipped: false, records: 2, hasMixture: false, respondents: 0 })
    expect(summary.id).toMatch(/^p-[0-9a-f]{16}$/)
    expect(summary.questions).toEqual([{ input: 'Tea?', records: 2 }])
    expect(summary.sample.map(({ output }) => output)).toEqual(['Yes', 'Never'])
    expect((await remove(`/api/populations/${summary.id}`)).status).toBe(204)
  })

  it('tells choices, respondents, and what a person should know of the file', async () => {
    const row = { input: 'Tea?', output: 'Yes', choices: ['Yes', 'No'], respondent: 'r1', colour: 'red' }
    const lines = [row, { ...row, output: 'No', respondent: 'r2' }, { ...row, output: '' }]
    const response = await demo.upload('tea.jsonl', lines.map((line) => JSON.stringify(line)).join('\n'))
    const summary = (await response.json()) as PopulationSummary
    expect(summary).toMatchObject({
      respondents: 2,
      closedAnswers: 2,
      questions: [{ input: 'Tea?', records: 2, choices: ['Yes', 'No'] }],
      notes: ['Left out: 1 row without an answer.', 'Fields not used: colour.'],
    })
    await remove(`/api/populations/${summary.id}`)
  })

  it.each<[what: string, name: string, content: string | Uint8Array, problem: Partial<Problem>]>([
    [
      'broken JSON',
      'a.jsonl',
      '{"input":"a","output":"b"}\n{"input":"a","output":"c"}\n{"input":\n',
      { line: 3 },
    ],
    ['a record without output', 'a.jsonl', '{"input":"a"}\n', { line: 1, field: 'output' }],
    ['a column that is missing', 'a.csv', 'input,answer\na,b\n', { field: 'output' }],
    [
      'an id that is there twice',
      'a.jsonl',
      '{"id":"1","input":"a","output":"b"}\n{"id":"1","input":"a","output":"c"}\n',
      { line: 2, field: 'id' },
    ],
    ['nothing', 'a.jsonl', '', {}],
    [
      'bytes that are no text',
      'a.jsonl',
      new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0xff, 0xfe, 0]),
      { line: 1 },
    ],
    ['bytes that are no Parquet', 'a.parquet', new Uint8Array([1, 2, 3, 4]), {}],
    ['a spreadsheet', 'a.xlsx', 'PK', {}],
    ['a name without an extension', 'records', '{}', {}],
  ])('of %s is refused, saying where', async (_what, name, content, expected) => {
    const before = await readdir(demo.folder)
    const response = await demo.upload(name, content)
    expect(response.status).toBe(422)
    const problem = (await response.json()) as Problem
    expect(problem).toMatchObject(expected)
    expect(problem.remedy ?? problem.message).not.toBe('')
    expect(problem.message).toContain(name)
    expect(await readdir(demo.folder)).toEqual(before)
  })

  it('needs a name', async () => {
    const headers = { host: '127.0.0.1' }
    const response = await demo.application.request('/api/populations', {
      method: 'POST',
      headers,
      body: 'x',
    })
    expect(response.status).toBe(400)
    expect(((await response.json()) as Problem).field).toBe('name')
  })

  it('may have so many bytes and records, no more', async () => {
    const large = await demo.upload('a.jsonl', new Uint8Array(limits.uploadBytes + 1))
    expect(large.status).toBe(413)
    expect(((await large.json()) as Problem).message).toBe('That is larger than 8 MiB.')
    const rows = 'x,y\n'.repeat(limits.records + 1)
    const many = await demo.upload('a.csv', `input,output\n${rows}`)
    expect(many.status).toBe(422)
    expect(((await many.json()) as Problem).message).toContain('20001 records')
  })

  it.each([
    ['../../etc/people.jsonl', 'people.jsonl'],
    ['C:\\people\\a.jsonl', 'a.jsonl'],
    ['line\nbreak\u202e.jsonl', 'linebreak.jsonl'],
    [`${'long '.repeat(40)}.jsonl`, `${'long '.repeat(40).slice(0, 74)}.jsonl`],
  ])('called %j is shown as %j', async (given, shown) => {
    const response = await demo.upload(given, '{"input":"a","output":"b"}\n')
    const { id, name } = (await response.json()) as PopulationSummary
    expect(name).toBe(shown)
    expect(name.length).toBeLessThanOrEqual(80)
    await remove(`/api/populations/${id}`)
  })

  it('is told of in few words, however many and long its attributes and fields are', async () => {
    const attributes = Object.fromEntries(
      Array.from({ length: 2000 }, (_, index) => [`${index}${'k'.repeat(100)}`, 'v'.repeat(1000)]),
    )
    const fields = Object.fromEntries(Array.from({ length: 2000 }, (_, index) => [`f${index}`, {}]))
    const content = JSON.stringify({ input: 'a', output: 'b', attributes, ...fields })
    const response = await demo.upload('wide.jsonl', content)
    expect(response.status).toBe(201)
    const text = await response.text()
    expect(text.length).toBeLessThan(5000)
    const { id, notes, sample } = JSON.parse(text) as PopulationSummary
    expect(notes[0]).toMatch(/^Fields not used: f0, .* and 1988 more\.$/)
    expect(Object.keys(sample[0]?.attributes ?? {})).toHaveLength(12)
    await remove(`/api/populations/${id}`)
  })

  it('lies in files that are for their owner alone', async () => {
    const response = await demo.upload('a.jsonl', '{"input":"a","output":"b"}\n')
    const { id } = (await response.json()) as PopulationSummary
    const folder = join(demo.folder, id)
    expect((await readdir(folder)).toSorted()).toEqual(['population.json', 'records'])
    for (const name of await readdir(folder)) {
      expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600)
    }
    expect(await readFile(join(folder, 'records'), 'utf8')).toBe('{"input":"a","output":"b"}\n')
    await remove(`/api/populations/${id}`)
  })
})

describe('populations', () => {
  it('are found again after a restart, in their order, and gone after they were deleted', async () => {
    await using first = await openTestDemo({ engine })
    const ids: string[] = []
    for (const name of ['a.csv', 'b.csv']) {
      const response = await first.upload(name, 'input,output\na,b\n')
      ids.push(((await response.json()) as PopulationSummary).id)
    }
    await using second = await openTestDemo({ engine, folder: first.folder })
    const listed = async (): Promise<string[]> => {
      const status = (await (await second.get('/api/status')).json()) as Status
      return status.populations.map(({ id }) => id)
    }
    expect(await listed()).toEqual(['society', ...ids])
    const headers = { host: '127.0.0.1' }
    await second.application.request(`/api/populations/${ids[0]}`, { method: 'DELETE', headers })
    expect(await listed()).toEqual(['society', ids[1]])
    expect(await readdir(first.folder)).not.toContain(ids[0])
  })

  it('whose files are broken are passed over, with a line in the log', async () => {
    await using first = await openTestDemo({ engine })
    const response = await first.upload('a.csv', 'input,output\na,b\n')
    const { id } = (await response.json()) as PopulationSummary
    const { writeFile } = await import('node:fs/promises')
    await writeFile(join(first.folder, id, 'population.json'), '{"mop":')
    await using second = await openTestDemo({ engine, folder: first.folder })
    expect(second.populations.list().map((population) => population.id)).toEqual(['society'])
    expect(second.logged).toEqual([expect.stringContaining(id)])
  })

  it('that are not there cannot be deleted, nor can the shipped one', async () => {
    expect((await remove('/api/populations/p-0000000000000000')).status).toBe(404)
    expect((await remove('/api/populations/..%2f..')).status).toBe(404)
    expect((await remove('/api/populations/society')).status).toBe(409)
  })

  it(`are at most ${mostUploads} besides the shipped one`, async () => {
    await using full = await openTestDemo({ engine })
    const upload = (): Promise<Response> => full.upload('a.csv', 'input,output\na,b\n')
    const responses = await Promise.all(Array.from({ length: mostUploads + 1 }, upload))
    const statuses = responses.map(({ status }) => status)
    expect(statuses.filter((status) => status === 201)).toHaveLength(mostUploads)
    expect(statuses.filter((status) => status === 409)).toHaveLength(1)
  })
})
