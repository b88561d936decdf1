import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { openAppendOnlyLines } from './append-only-lines.ts'

const folder = mkdtempSync(join(tmpdir(), 'mop-lines-'))
const path = join(folder, 'new', 'lines.txt')
afterAll(() => rmSync(folder, { recursive: true }))
beforeEach(() => rmSync(path, { force: true }))

interface Opened {
  readonly lines: string[]
  readonly tornBytes: number
}

/** Opens the file, appends, and says what it found. */
function goOn(added: readonly string[], chunkBytes?: number): Opened {
  const lines: string[] = []
  using file = openAppendOnlyLines(path, {
    chunkBytes,
    onLine(line, number) {
      lines.push(line)
      expect(number).toBe(lines.length)
    },
  })
  for (const line of added) file.append(line)
  return { lines, tornBytes: file.tornBytes }
}

const line = fc.string({ unit: fc.constantFrom('a', 'é', '日', '👩', ' ', '\r'), maxLength: 12 })

describe('a file of lines', () => {
  test('gives back every line, whatever pieces it is read in', () => {
    fc.assert(
      fc.property(fc.array(line), fc.array(line), fc.integer({ min: 1, max: 20 }), (first, second, chunk) => {
        rmSync(path, { force: true })
        expect(goOn(first)).toEqual({ lines: [], tornBytes: 0 })
        expect(goOn(second, chunk)).toEqual({ lines: first, tornBytes: 0 })
        expect(goOn([], chunk).lines).toEqual([...first, ...second])
      }),
    )
  })

  test('cut off anywhere, it keeps its whole lines and goes on after them', () => {
    fc.assert(
      fc.property(
        fc.array(line, { minLength: 1 }),
        fc.nat(),
        fc.integer({ min: 1, max: 20 }),
        (all, at, chunk) => {
          rmSync(path, { force: true })
          goOn(all)
          const bytes = readFileSync(path)
          const cut = bytes.subarray(0, at % (bytes.length + 1))
          writeFileSync(path, cut)
          const whole = cut.subarray(0, cut.lastIndexOf(10) + 1)
          const kept = whole.toString().split('\n').slice(0, -1)
          expect(goOn(['next'], chunk)).toEqual({ lines: kept, tornBytes: cut.length - whole.length })
          expect(goOn([]).lines).toEqual([...kept, 'next'])
        },
      ),
    )
  })

  test('whose lines are refused stays as it is, and is not locked afterwards', () => {
    goOn(['a'])
    appendFileSync(path, 'torn')
    const refuse = (): never => {
      throw new Error('no such line')
    }
    expect(() => openAppendOnlyLines(path, { onLine: refuse })).toThrow('no such line')
    expect(readFileSync(path, 'utf8')).toBe('a\ntorn')
    expect(goOn([])).toEqual({ lines: ['a'], tornBytes: 4 })
    expect(existsSync(`${path}.lock`)).toBe(false)
  })

  test('has one writer', () => {
    using _file = openAppendOnlyLines(path, { onLine: () => undefined })
    expect(() => openAppendOnlyLines(path, { onLine: () => undefined })).toThrow(/being written by process/)
  })
})
