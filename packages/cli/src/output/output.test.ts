import { describe, expect, it } from 'vitest'
import stringWidth from 'string-width'
import { bar } from './bar.ts'
import {
  countOf,
  formatBytes,
  formatCount,
  formatDuration,
  formatNats,
  formatRate,
  formatShare,
} from './format-number.ts'
import { fieldLines } from './field-lines.ts'
import { renderTable } from './render-table.ts'
import { printable, truncate } from './truncate.ts'
import { wrap } from './wrap.ts'

describe('numbers', () => {
  it('are written for people', () => {
    expect(formatCount(1234567)).toBe('1,234,567')
    expect(countOf(1, 'record')).toBe('1 record')
    expect(countOf(2000, 'record')).toBe('2,000 records')
    expect(formatNats(-2.8614)).toBe('−2.861')
    expect(formatNats(0.5, { sign: true })).toBe('+0.500')
    expect(formatNats(-0.0001, { sign: true })).toBe('0.000')
    expect(formatShare(0.0312)).toBe('3.1%')
    expect([0.04, 9.94, 9.96, 59.4, 60, 200, 3600, 7500].map(formatDuration)).toEqual([
      '0.0 s',
      '9.9 s',
      '10 s',
      '59 s',
      '1 min',
      '3 min 20 s',
      '1 h',
      '2 h 5 min',
    ])
    expect(formatDuration(Number.POSITIVE_INFINITY)).toBe('unknown')
    expect([0.123, 4.56, 45.6, 456.7, 4567].map(formatRate)).toEqual([
      '0.12/s',
      '4.6/s',
      '46/s',
      '457/s',
      '4,567/s',
    ])
    expect([999, 12_345, 2_500_000].map(formatBytes)).toEqual(['999 B', '12.3 kB', '2.5 MB'])
  })
})

describe('bar', () => {
  it('draws eighths and cuts what is out of range', () => {
    expect(bar(0, 4)).toBe('')
    expect(bar(0.5, 4)).toBe('██')
    expect(bar(1 / 32, 4)).toBe('▏')
    expect(bar(2, 4)).toBe('████')
    expect(bar(-1, 4)).toBe('')
  })
})

describe('truncate', () => {
  it('makes one line of the width, by columns and not by characters', () => {
    expect(truncate('a\nb  c', 10)).toBe('a b c')
    expect(truncate('abcdef', 4)).toBe('abc…')
    expect(stringWidth(truncate('漢字漢字漢字', 5))).toBeLessThanOrEqual(5)
    expect(truncate('👩‍👩‍👧‍👧 family of four', 6)).toBe('👩‍👩‍👧‍👧 fa…')
  })

  it('lets no text move the cursor or set colours', () => {
    expect(printable('a\u001b[2Jb\u0007c\u009b31m')).toBe('a[2Jbc31m')
  })
})

describe('wrap', () => {
  it('breaks between words and keeps long words whole', () => {
    expect(wrap('one two three', 7)).toBe('one two\nthree')
    expect(wrap('abcdefghij k', 5)).toBe('abcdefghij\nk')
    expect(wrap('a b\nc', 80)).toBe('a b\nc')
  })
})

describe('fields', () => {
  it('stand in two columns, and go on under themselves', () => {
    expect(
      fieldLines(
        [
          ['a', 'one'],
          ['name', 'two three four five six'],
        ],
        26,
      ),
    ).toBe(['a     one', 'name  two three four five', '      six'].join('\n'))
  })
})

describe('a table', () => {
  const columns = [
    { title: 'name' },
    { title: 'weight', align: 'right' },
    { title: 'text', flexible: true },
  ] as const

  it('has a rule under its titles and aligns', () => {
    expect(
      renderTable({
        columns,
        rows: [
          ['a', '1.0%', 'x'],
          ['bb', '10.0%', 'y'],
        ],
        width: 80,
      }),
    ).toBe(['name  weight  text', '──────────────────', 'a       1.0%  x', 'bb     10.0%  y'].join('\n'))
  })

  it.each([40, 60, 80, 120])('is not wider than %i columns', (width) => {
    const text = 'wörter 漢字 '.repeat(30)
    const lines = renderTable({ columns, rows: [['a', '1%', text]], width }).split('\n')
    expect(Math.max(...lines.map((line) => stringWidth(line)))).toBeLessThanOrEqual(width)
    expect(lines.length).toBeGreaterThan(4)
  })

  it('keeps the colours of its caller and drops escapes of its texts', () => {
    const coloured = '\u001b[1mbold\u001b[22m'
    const shown = renderTable({ columns, rows: [[coloured, 'bell\u0007', 'clear\u001bc']], width: 80 })
    expect(shown).toContain(coloured)
    expect(shown).not.toContain('\u0007')
    expect(shown).not.toContain('\u001bc')
  })
})
