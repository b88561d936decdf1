import { describe, expect, it } from 'vitest'
import { RecordReader } from './record-reader.ts'

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)
const good = { bytes: bytesOf('input,output\na,b\n'), name: 'a.csv', format: 'csv' } as const

describe('the reader of uploads', () => {
  it('gives the facts of a file, and the line of what is wrong in one', async () => {
    const reader = new RecordReader()
    expect(await reader.facts(good)).toMatchObject({ records: 1, questions: [{ input: 'a', records: 1 }] })
    const wrong = { bytes: bytesOf('{"input":"a"}\n'), name: 'a.jsonl', format: 'jsonl' } as const
    await expect(reader.facts(wrong)).rejects.toMatchObject({
      status: 422,
      problem: { line: 1, field: 'output' },
    })
  })

  it('ends with a file that takes too long, and reads the next one', async () => {
    const impatient = new RecordReader({ milliseconds: 1 })
    await expect(impatient.facts(good)).rejects.toMatchObject({
      status: 422,
      problem: { message: '"a.csv" takes too long to read.' },
    })
    expect(await new RecordReader().facts(good)).toMatchObject({ records: 1 })
  })

  it('ends with a file that takes too much memory, and reads the next one', async () => {
    const reader = new RecordReader({ megabytes: 48 })
    const many = { ...good, bytes: bytesOf(`input,output\n${'a,b\n'.repeat(500_000)}`) }
    await expect(reader.facts(many)).rejects.toMatchObject({
      status: 422,
      problem: { message: '"a.csv" takes too much memory to read.' },
    })
    expect(await reader.facts(good)).toMatchObject({ records: 1 })
  })
})
