import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openLikelihoodFile } from './likelihood-file.ts'

const header = { scorer: 'fake', template: 'chat-1', temperatures: [1] }
let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mop-likelihoods-'))
  path = join(folder, 'new', 'table.jsonl')
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('openLikelihoodFile', () => {
  test('keeps every entry the moment it is added, and finds it again', () => {
    {
      using file = openLikelihoodFile(path, header)
      file.table.add({ item: 'a', component: 'x', logLikelihoods: [-1.1], tokens: 2 })
      expect(readFileSync(path, 'utf8').split('\n')).toHaveLength(3)
      file.table.add({ item: 'b', component: 'x', logLikelihoods: [-Infinity], tokens: 4 })
    }
    using again = openLikelihoodFile(path, header)
    expect(again.resumed).toBe(2)
    expect([...again.table.entries()]).toEqual([
      { item: 'a', component: 'x', logLikelihoods: [-1.1], tokens: 2 },
      { item: 'b', component: 'x', logLikelihoods: [-Infinity], tokens: 4 },
    ])
    again.table.add({ item: 'a', component: 'x', logLikelihoods: [-1.1], tokens: 2 })
    expect(readFileSync(path, 'utf8').trimEnd().split('\n')).toHaveLength(3)
  })

  test('numbers survive the file bit for bit', () => {
    const value = -123.4567890123456 / 3
    {
      using file = openLikelihoodFile(path, header)
      file.table.add({ item: 'a', component: 'x', logLikelihoods: [value], tokens: 2 })
    }
    using again = openLikelihoodFile(path, header)
    expect(again.table.logLikelihoods('a', 'x')?.[0]).toBe(value)
  })

  test('a line that a kill cut off is dropped, and said', () => {
    {
      using file = openLikelihoodFile(path, header)
      file.table.add({ item: 'a', component: 'x', logLikelihoods: [-1], tokens: 2 })
    }
    const torn = '{"i":"b","c":"ü'
    appendFileSync(path, torn)
    {
      using file = openLikelihoodFile(path, header)
      expect(file.tornBytes).toBe(Buffer.byteLength(torn))
      expect(file.resumed).toBe(1)
      file.table.add({ item: 'b', component: 'x', logLikelihoods: [-2], tokens: 2 })
    }
    using again = openLikelihoodFile(path, header)
    expect(again.resumed).toBe(2)
  })

  test('refuses a file made with another scorer, template or temperatures', () => {
    openLikelihoodFile(path, header)[Symbol.dispose]()
    expect(() => openLikelihoodFile(path, { ...header, temperatures: [0.6] })).toThrow(/another temperatures/)
    expect(() => openLikelihoodFile(path, { ...header, scorer: 'b' })).toThrow(/expected "b", found "fake"/)
  })

  test('is locked until disposed, and after an error it is not', () => {
    {
      using _file = openLikelihoodFile(path, header)
      expect(() => openLikelihoodFile(path, header)).toThrow(
        new RegExp(`table\\.jsonl is being written by process ${process.pid} on `),
      )
    }
    expect(() => openLikelihoodFile(path, { ...header, scorer: 'b' })).toThrow(/another scorer/)
    openLikelihoodFile(path, header)[Symbol.dispose]()
  })

  test('names file and line of a broken entry', () => {
    openLikelihoodFile(path, header)[Symbol.dispose]()
    appendFileSync(path, '{"i":"a","c":"x","l":["-1"],"n":2}\n')
    expect(() => openLikelihoodFile(path, header)).toThrow(/table\.jsonl, line 2: not a likelihood entry/)
  })

  test('a foreign file is left as it is', () => {
    const foreign = join(folder, 'notes.txt')
    writeFileSync(foreign, 'hello\n')
    expect(() => openLikelihoodFile(foreign, header)).toThrow(/line 1: not a likelihood header/)
    expect(readFileSync(foreign, 'utf8')).toBe('hello\n')
  })
})
