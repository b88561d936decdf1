import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { PopulationRecord } from './population-record.ts'
import {
  loadRecords,
  readRecords,
  RecordError,
  type RecordIssue,
  type ReadRecordsOptions,
} from './readers.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mop-records-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, content)
  return path
}

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const collected: Item[] = []
  for await (const item of items) collected.push(item)
  return collected
}

async function read(path: string, options?: ReadRecordsOptions): Promise<PopulationRecord[]> {
  return collect(readRecords(path, options))
}

async function refusal(reading: Promise<unknown>): Promise<RecordError> {
  const error = await reading.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(RecordError)
  return error as RecordError
}

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size)
}

const a = { id: 'a', input: 'Tea?', output: 'Yes, “always” 🍵' }
const b = { id: 'b', input: 'Tea?', output: 'No', respondent: 'r1', attributes: { age: 30 } }

describe('JSON lines', () => {
  test('byte-order mark, CRLF, blank lines and a last line without newline', async () => {
    const path = await file('marks.jsonl', `\uFEFF${JSON.stringify(a)}\r\n\r\n  \n${JSON.stringify(b)}`)
    expect(await read(path)).toEqual([a, b])
  })

  test('however the bytes are cut, the records are the same', async () => {
    const bytes = new TextEncoder().encode(`\uFEFF${JSON.stringify(a)}\r\n${JSON.stringify(b)}\n`)
    for (const size of [1, 2, 3, 7, 1000]) {
      expect(await collect(readRecords(inPieces(bytes, size)))).toEqual([a, b])
    }
  })

  test('a broken line in the middle is named; with skip it is reported and passed over', async () => {
    const path = await file('broken.jsonl', `${JSON.stringify(a)}\n{"id": "x", "inp\n${JSON.stringify(b)}\n`)
    const error = await refusal(read(path))
    expect(error.message).toMatch(/^broken\.jsonl, line 2: this is not valid JSON/)
    expect(error.place).toEqual({ source: 'broken.jsonl', line: 2, row: 2 })
    const { records, report, placeOf } = await loadRecords(path, { invalid: 'skip' })
    for (const { id } of records)
      expect(placeOf(id)).toMatchObject({ source: report.source, line: expect.any(Number) })
    expect(placeOf('nobody')).toBe(undefined)
    expect(records).toEqual([a, b])
    expect(report).toMatchObject({ rows: 3, records: 2, invalid: 1 })
    expect(report.issues[0]).toMatchObject({ kind: 'invalid', place: { line: 2 } })
  })

  test('bytes that are not UTF-8 are named by line, wherever chunks end', async () => {
    const good = new TextEncoder().encode(`${JSON.stringify(a)}\n${JSON.stringify(a)}\n`)
    const bytes = new Uint8Array([...good, 0x22, 0xc3, 0x28, 0x0a, ...good])
    expect((await refusal(read(await file('latin.jsonl', bytes)))).message).toMatch(
      /line 3: the bytes .* not UTF-8/,
    )
    for (const size of [1, 3, 5, 11]) {
      const error = await refusal(collect(readRecords(inPieces(bytes, size))))
      expect(error.place.line).toBe(3)
    }
    const cut = await refusal(read(await file('cut.jsonl', bytes.subarray(0, good.length + 2))))
    expect(cut.place.line).toBe(3)
    const utf16 = await refusal(read(await file('utf16.jsonl', Buffer.from('\uFEFF{}', 'utf16le'))))
    expect(utf16.message).toMatch(/UTF-16\. Save the file as UTF-8/)
  })

  test('ids are derived from the line; numeric ids and respondents become text; nulls are absent', async () => {
    const path = await file(
      'ids.v2.jsonl',
      '\n{"input":"x","output":"y"}\n{"id":12,"respondent":4,"input":"x","output":"z","weight":null,"choices":null,"attributes":null}\n',
    )
    expect(await read(path)).toEqual([
      { id: 'ids.v2:2', input: 'x', output: 'y' },
      { id: '12', respondent: '4', input: 'x', output: 'z' },
    ])
  })

  test('a number where text should be is refused, unless the mapping names the field', async () => {
    const path = await file('rating.jsonl', '{"input":"x","stars":5,"place":"Rome","output":4}\n')
    expect((await refusal(read(path))).message).toMatch(
      /line 1, field "output": must be text; found the number 4/,
    )
    const mapping = { output: 'stars', attributes: ['place'] }
    expect(await read(path, { mapping })).toEqual([
      { id: 'rating:1', input: 'x', output: '5', attributes: { place: 'Rome' } },
    ])
  })

  test('a missing output is an error, an empty one is counted and left out', async () => {
    const path = await file(
      'empty.jsonl',
      '{"id":"1","input":"x","output":null}\n{"id":"2","input":"x","output":" "}\n{"id":"3","input":"x","output":"y"}\n',
    )
    const issues: RecordIssue[] = []
    expect(await read(path, { onIssue: (issue) => issues.push(issue) })).toHaveLength(1)
    expect(issues.map((issue) => [issue.kind, issue.place.line])).toEqual([
      ['empty-output', 1],
      ['empty-output', 2],
    ])
    const missing = await refusal(read(await file('missing.jsonl', '{"id":"1","input":"x","answer":"y"}\n')))
    expect(missing.field).toBe('output')
    expect(missing.message).toMatch(/is missing\. Add "output", or map it/)
  })

  test('the same id twice is an error that names both lines; repeated texts are reported', async () => {
    const twice = await file('twice.jsonl', `${JSON.stringify(a)}\n${JSON.stringify({ ...b, id: 'a' })}\n`)
    const error = await refusal(loadRecords(twice))
    expect(error.code).toBe('record-duplicate-id')
    expect(error.message).toMatch(/line 2, field "id": the id "a" was already given on line 1/)

    const closed = { input: 'Tea?', output: 'yes', choices: ['yes', 'no'] }
    const rows = [
      { ...a, id: '1' },
      { ...a, id: '2', respondent: 'other' },
      { ...closed, id: '3', respondent: 'p' },
      { ...closed, id: '4', respondent: 'q' },
      { ...closed, id: '5', respondent: 'p' },
    ]
    const { records, report } = await loadRecords(
      await file('texts.jsonl', rows.map((row) => JSON.stringify(row)).join('\n')),
    )
    expect(records).toHaveLength(5)
    expect(report).toMatchObject({ duplicateTexts: 2, closedAnswers: 3, respondents: 3, emptyOutputs: 0 })
    expect(report.issues).toMatchObject([
      { kind: 'duplicate-text', id: '2', firstId: '1', place: { line: 2 } },
      { kind: 'duplicate-text', id: '5', firstId: '3', place: { line: 5 } },
    ])
  })

  test('a file without records, a missing file, an unknown extension and a folder are errors', async () => {
    expect((await refusal(loadRecords(await file('none.jsonl', '\n\n')))).code).toBe('record-source-empty')
    expect((await refusal(read(join(folder, 'absent.jsonl')))).message).toMatch(
      /absent\.jsonl: the file cannot be read .*ENOENT/,
    )
    expect((await refusal(read(join(folder, 'absent.parquet')))).message).toMatch(/ENOENT/)
    expect((await refusal(read(join(folder, 'records.txt')))).message).toMatch(/\.txt.*Give `format`/)
    expect((await refusal(read(folder, { format: 'jsonl' }))).code).toBe('record-source-unreadable')
  })

  test('an aborted signal ends the reading with its reason', async () => {
    const path = await file('abort.jsonl', `${JSON.stringify(a)}\n${JSON.stringify(b)}\n`)
    const stop = new AbortController()
    const seen: string[] = []
    const reading = (async () => {
      for await (const record of readRecords(path, { signal: stop.signal })) {
        seen.push(record.id)
        stop.abort(new Error('enough'))
      }
    })()
    await expect(reading).rejects.toThrow('enough')
    expect(seen).toEqual(['a'])
    await expect(read(path, { signal: AbortSignal.abort(new Error('never')) })).rejects.toThrow('never')
  })
})

describe('a JSON array', () => {
  test('is read by element, on one line or many, however it is cut', async () => {
    const tricky = { ...a, output: 'a "]}, \\" [ \\\\' }
    for (const text of [JSON.stringify([tricky, b]), `\uFEFF ${JSON.stringify([tricky, b], null, 2)}\n`]) {
      expect(await read(await file('array.json', text))).toEqual([tricky, b])
      const bytes = new TextEncoder().encode(text)
      for (const size of [1, 4, 9]) {
        expect(await collect(readRecords(inPieces(bytes, size), { format: 'json' }))).toEqual([tricky, b])
      }
    }
  })

  test('faults are named by line', async () => {
    const fault = async (text: string): Promise<string> =>
      (await refusal(read(await file('f.json', text)))).message
    expect(await fault('[\n {"id":"1","input":"x","output":"y"},\n {"id":"1" "input":2}\n]')).toMatch(
      /f\.json, line 3: this is not valid JSON/,
    )
    expect(await fault('[\n {"id":"1","input":"x","output":"y"},\n]')).toMatch(
      /line 3: an element of the array is missing/,
    )
    expect(await fault('[\n {"id":"1","input":"x","output":"y"}')).toMatch(/line 2: the array is cut off/)
    expect(await fault('[]\n[]')).toMatch(/line 2: text follows the end/)
    expect(await fault('{"id":"1"}')).toMatch(/line 1: .*one array.*jsonl/)
    expect(await fault('[{"id":"1","input":"x","output":"y"}, 5]')).toMatch(
      /line 1: a record must be an object.*number 5/,
    )
    expect((await refusal(loadRecords(await file('e.json', '[]')))).code).toBe('record-source-empty')
  })

  test('rows without an id on one line get ids that differ', async () => {
    const path = await file('oneline.json', '[{"input":"x","output":"y"},{"input":"x","output":"z"}]')
    expect((await loadRecords(path)).records.map((record) => record.id)).toEqual(['oneline:1', 'oneline:2'])
  })
})

describe('CSV', () => {
  test('header mapping, quotes, line ends inside cells, attributes, choices and weights', async () => {
    const text = [
      '\uFEFFwho, question ,answer,options,w,age,zip',
      '1,"Tea, or coffee?",tea,tea|coffee,0.5,18-29,00720',
      '',
      '2,"He said ""hm""\r\nand left",coffee,"[""tea"",""coffee""]",,,',
    ].join('\r\n')
    const mapping = {
      input: 'question',
      output: 'answer',
      respondent: 'who',
      choices: 'options',
      weight: 'w',
    }
    expect(await read(await file('poll.csv', text), { mapping })).toEqual([
      {
        id: 'poll:2',
        input: 'Tea, or coffee?',
        output: 'tea',
        respondent: '1',
        choices: ['tea', 'coffee'],
        weight: 0.5,
        attributes: { age: '18-29', zip: '00720' },
      },
      {
        id: 'poll:4',
        input: 'He said "hm"\r\nand left',
        output: 'coffee',
        respondent: '2',
        choices: ['tea', 'coffee'],
      },
    ])
    const [first] = await read(join(folder, 'poll.csv'), { mapping: { ...mapping, attributes: ['age'] } })
    expect(first?.attributes).toEqual({ age: '18-29' })
  })

  test('errors name the line: cells, quotes, header, weight, choices', async () => {
    const fault = async (text: string, options?: ReadRecordsOptions): Promise<string> =>
      (await refusal(read(await file('f.csv', text), options))).message
    expect(await fault('input,output\nx,y\n"a\nb",y\nx,y,z\n')).toMatch(
      /f\.csv, line 5: this row has 3 cells where the header has 2/,
    )
    expect(await fault('input,output\nx,y\nx,y "z" w\n')).toMatch(/line 3: the CSV cannot be read here/)
    expect(await fault('input,output\nx,y\nx,"y\nx,y\n')).toMatch(/the CSV cannot be read here .*quote/)
    expect(await fault('input,output\r\n"a\r\nb",y\r\nx,y "z" w\r\n')).toMatch(/line 4: the CSV cannot/)
    expect(await fault('input,input\nx,y\n')).toMatch(/line 1: the header names the column "input" twice/)
    expect(await fault('question,answer\nx,y\n')).toMatch(
      /field "input": there is no such column; found "question", "answer".*Say with `mapping`/,
    )
    expect(await fault('input;output\nx;y\n')).toMatch(/separated by ";": give it as `delimiter`/)
    expect(await fault('input,output,weight\nx,y,heavy\n')).toMatch(
      /line 2, field "weight": must be a number; found the text "heavy"/,
    )
    expect(await fault('input,output,choices\nx,y,[y\n')).toMatch(/line 2, field "choices": .*JSON list/)
    const mapping = { respondent: 'who' }
    expect(await fault('input,output\nx,y\n', { mapping })).toMatch(/field "who": there is no such column/)
  })

  test('with skip, broken rows are counted and the others kept', async () => {
    const path = await file('skip.csv', 'input,output\nx,1\nx,y,z\nx,2\nx,a "b" c\nx,3\n')
    const { records, report } = await loadRecords(path, { invalid: 'skip' })
    expect(records.map((record) => record.output)).toEqual(['1', '2', '3'])
    expect(report).toMatchObject({ rows: 5, records: 3, invalid: 2 })
    expect(report.issues.map((issue) => issue.place.line).toSorted()).toEqual([3, 5])
  })

  test('tabs for .tsv, another delimiter on request, empty outputs counted', async () => {
    expect(await read(await file('t.tsv', 'input\toutput\nx\ty, z\n'))).toMatchObject([{ output: 'y, z' }])
    const { report } = await loadRecords(await file('s.csv', 'input;output\nx;\nx;y\n'), { delimiter: ';' })
    expect(report).toMatchObject({ rows: 2, records: 1, emptyOutputs: 1 })
  })

  test('a file far longer than the buffers is read whole, and can be left early', async () => {
    const rows = Array.from({ length: 30_000 }, (_, index) => `question ${index},"answer\n${index}"`)
    const path = await file('long.csv', `input,output\n${rows.join('\n')}\n`)
    const records = await read(path)
    expect(records).toHaveLength(30_000)
    expect(records.at(-1)).toEqual({ id: 'long:60000', input: 'question 29999', output: 'answer\n29999' })
    for await (const record of readRecords(path)) {
      expect(record.id).toBe('long:2')
      break
    }
  })
})

describe('Parquet', () => {
  const columnData = [
    { name: 'question', data: ['x', 'x', 'x', 'x', 'x'], type: 'STRING' as const },
    { name: 'rating', data: [1n, 2n, null, 4n, 5n], type: 'INT64' as const },
    { name: 'age', data: [30, null, 31, 32, 33], type: 'INT32' as const },
    { name: 'share', data: [0.5, 0.25, 1, 2, 3], type: 'DOUBLE' as const },
    { name: 'tags', data: [{ a: 1 }, null, { a: 2 }, { a: 3 }, { a: 4 }], type: 'JSON' as const },
  ]
  const mapping = { input: 'question', output: 'rating', weight: 'share' }
  const expected = [1, 2, 4, 5].map((output) => String(output))

  test.each(['UNCOMPRESSED', 'SNAPPY', 'GZIP'] as const)(
    'row groups, nulls, 64-bit integers (%s)',
    async (codec) => {
      const buffer = parquetWriteBuffer({
        columnData,
        rowGroupSize: 2,
        codec,
        compressors: { GZIP: (bytes: Uint8Array) => gzipSync(bytes) },
      })
      const path = await file('survey.parquet', new Uint8Array(buffer))
      const { records, report } = await loadRecords(path, { mapping })
      expect(records.map((record) => record.output)).toEqual(expected)
      expect(records[0]).toEqual({
        id: 'survey:1',
        input: 'x',
        output: '1',
        weight: 0.5,
        attributes: { age: 30 },
      })
      expect(records[1]).toEqual({ id: 'survey:2', input: 'x', output: '2', weight: 0.25 })
      expect(report).toMatchObject({ rows: 5, records: 4, emptyOutputs: 1, ignoredFields: ['tags'] })
      const some = await read(path, { mapping: { ...mapping, attributes: ['share'] } })
      expect(some[0]?.attributes).toEqual({ share: 0.5 })
      const stream = readRecords(inPieces(new Uint8Array(buffer), 100), {
        format: 'parquet',
        mapping,
        name: 'survey',
      })
      expect(await collect(stream)).toEqual(records)
    },
  )

  test('a missing column and a truncated file are errors', async () => {
    const buffer = new Uint8Array(parquetWriteBuffer({ columnData }))
    const path = await file('whole.parquet', buffer)
    expect((await refusal(read(path))).message).toMatch(
      /field "input": there is no such column; found "question", "rating"/,
    )
    const cut = await file('cut.parquet', buffer.subarray(0, buffer.length - 20))
    expect((await refusal(read(cut))).message).toMatch(/cut\.parquet: the Parquet file cannot be read/)
  })
})
