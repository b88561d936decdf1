import { describe, expect, test } from 'vitest'
import { LikelihoodTableError } from '../errors/likelihood-table-error.ts'
import { type LikelihoodEntry, LikelihoodTable } from './likelihood-table.ts'

const header = { scorer: 'fake', template: 'chat-1', temperatures: [0.5, 1] }
const entry = (item: string, component: string, value = -1): LikelihoodEntry => ({
  item,
  component,
  logLikelihoods: [value * 2, value],
  tokens: 3,
})

describe('LikelihoodTable', () => {
  test('gives back what was added, beyond its first allocation', () => {
    const table = new LikelihoodTable(header)
    for (let item = 0; item < 70; item += 1) {
      for (let component = 0; component < 40; component += 1) {
        table.add(entry(`i${item}`, `c${component}`, -(item * 40 + component)))
      }
    }
    expect(table.size).toBe(2800)
    expect([...(table.logLikelihoods('i69', 'c39') ?? [])]).toEqual([-2799 * 2, -2799])
    expect([...(table.logLikelihoods('i0', 'c1') ?? [])]).toEqual([-2, -1])
    expect(table.tokens('i3', 'c3')).toBe(3)
    expect(table.has('i70', 'c0')).toBe(false)
    expect(table.logLikelihoods('i0', 'c40')).toBeUndefined()
  })

  test('adds an entry once and reports it once', () => {
    const seen: LikelihoodEntry[] = []
    const table = new LikelihoodTable(header, (added) => seen.push(added))
    table.add(entry('a', 'x', -1))
    table.add(entry('a', 'x', -9))
    expect(seen).toEqual([entry('a', 'x', -1)])
    expect([...table.entries()]).toEqual([entry('a', 'x', -1)])
  })

  test('merges a table of the same header and refuses another', () => {
    const left = new LikelihoodTable(header)
    const right = new LikelihoodTable(header)
    left.add(entry('a', 'x'))
    right.add(entry('a', 'x'))
    right.add(entry('b', 'x', -4))
    left.merge(right)
    expect([...left.entries()]).toEqual([entry('a', 'x'), entry('b', 'x', -4)])
    const other = new LikelihoodTable({ ...header, scorer: 'another' })
    expect(() => left.merge(other)).toThrow(/another scorer: expected "fake", found "another"/)
  })

  test.each([
    ['NaN', [Number.NaN, -1]],
    ['+Infinity', [Infinity, -1]],
    ['a missing temperature', [-1]],
  ])('refuses %s', (_, logLikelihoods) => {
    const table = new LikelihoodTable(header)
    expect(() => table.add({ ...entry('a', 'x'), logLikelihoods })).toThrow(LikelihoodTableError)
  })

  test.each([[[]], [[1, 1]], [[2, 1]], [[0, 1]], [[Number.NaN]]])(
    'refuses temperatures %j',
    (temperatures) => {
      expect(() => new LikelihoodTable({ ...header, temperatures })).toThrow(LikelihoodTableError)
    },
  )
})
