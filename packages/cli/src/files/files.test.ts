import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../testing/temporary-folder.ts'
import { inputsOfTexts, readInputs } from './read-inputs.ts'
import { readPersonas } from './read-personas.ts'
import { openResumableRows } from './resumable-rows.ts'
import { assertSameRun, runFileOf } from './run-file.ts'
import { writeAtomically } from './write-atomically.ts'

describe('writeAtomically', () => {
  it('replaces a file and leaves nothing beside it', async () => {
    using folder = temporaryFolder()
    const path = folder.file('deep/er/a.json')
    await writeAtomically(path, 'one')
    await writeAtomically(path, 'two')
    expect(readFileSync(path, 'utf8')).toBe('two')
    expect(readdirSync(folder.file('deep/er'))).toEqual(['a.json'])
  })

  it('keeps the old file where the new one cannot be put in its place', async () => {
    using folder = temporaryFolder()
    await writeAtomically(folder.file('taken/inside'), 'x')
    await expect(writeAtomically(folder.file('taken'), 'y')).rejects.toThrow('cannot be written')
    expect(readdirSync(folder.path)).toEqual(['taken'])
  })
})

describe('resumable rows', () => {
  it('are appended one by one and found again; a torn last line is removed', () => {
    using folder = temporaryFolder()
    const path = folder.file('rows.jsonl')
    {
      using rows = openResumableRows(path)
      rows.append({ id: 'a', text: 'ü' })
      rows.append({ id: 'b' })
    }
    appendFileSync(path, '{"id":"c","text":"ü')
    {
      using rows = openResumableRows(path)
      expect([...rows.completed]).toEqual(['a', 'b'])
      expect(rows.tornBytes).toBe(20)
      rows.append({ id: 'c' })
    }
    expect(readFileSync(path, 'utf8')).toBe('{"id":"a","text":"ü"}\n{"id":"b"}\n{"id":"c"}\n')
  })

  it('refuse a line that is no row', () => {
    using folder = temporaryFolder()
    writeFileSync(folder.file('rows.jsonl'), '{"id":"a"}\nhello\n')
    expect(() => openResumableRows(folder.file('rows.jsonl'))).toThrow(
      /rows\.jsonl: line 2 is no simulated row/,
    )
  })
})

describe('the settings beside an output', () => {
  it('must be the same to go on', async () => {
    using folder = temporaryFolder()
    const output = folder.file('out.jsonl')
    await assertSameRun(output, { seed: 1, draws: 3 })
    await assertSameRun(output, { seed: 1, draws: 3 })
    await expect(assertSameRun(output, { seed: 2, draws: 3 })).rejects.toThrow('seed was 1, now it is 2')
  })

  it('must be known where the output exists', async () => {
    using folder = temporaryFolder()
    const output = folder.file('out.jsonl')
    writeFileSync(output, '{"id":"a"}\n')
    await expect(assertSameRun(output, { seed: 1 })).rejects.toThrow('is not the beginning of a simulation')
    expect(existsSync(runFileOf(output))).toBe(false)
    writeFileSync(runFileOf(output), 'hello')
    await expect(assertSameRun(output, { seed: 1 })).rejects.toThrow('does not say how')
  })
})

describe('inputs', () => {
  it('are distinct lines of a text, or the field input of rows', async () => {
    using folder = temporaryFolder()
    writeFileSync(folder.file('a.txt'), 'one\r\n\ntwo\none\n')
    writeFileSync(folder.file('a.jsonl'), '{"input":"one","other":1}\n"two"\n')
    writeFileSync(folder.file('a.csv'), 'input,age\n"one, or so",3\ntwo,4\n')
    const expected = [
      { id: 'i1', input: 'one' },
      { id: 'i2', input: 'two' },
    ]
    expect(await readInputs(folder.file('a.txt'))).toEqual(expected)
    expect(await readInputs(folder.file('a.jsonl'))).toEqual(expected)
    expect((await readInputs(folder.file('a.csv'))).map(({ input }) => input)).toEqual(['one, or so', 'two'])
    expect(inputsOfTexts([' ', ''])).toEqual([])
  })

  it('are missed with the line, and not read from an empty file', async () => {
    using folder = temporaryFolder()
    writeFileSync(folder.file('a.jsonl'), '{"input":"one"}\n{"question":"two"}\n')
    writeFileSync(folder.file('a.txt'), '\n')
    await expect(readInputs(folder.file('a.jsonl'))).rejects.toThrow('line 2 holds no input')
    await expect(readInputs(folder.file('a.txt'))).rejects.toThrow('holds no input')
    await expect(readInputs(folder.file('gone.txt'))).rejects.toThrow('there is no such file')
  })
})

describe('personas', () => {
  it('are texts or objects, and errors name the file', async () => {
    using folder = temporaryFolder()
    const path = folder.file('p.json')
    writeFileSync(path, '["Writes little.", {"id": "b", "text": "Writes a lot."}]')
    expect((await readPersonas(path)).map(({ text }) => text)).toEqual(['Writes little.', 'Writes a lot.'])
    writeFileSync(path, '["Writes little.", {"name": "b"}]')
    await expect(readPersonas(path)).rejects.toThrow(/p\.json: Persona 2/)
  })
})
