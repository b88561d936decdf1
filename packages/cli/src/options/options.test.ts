import { describe, expect, it } from 'vitest'
import {
  countOrFile,
  delimiter,
  fieldMap,
  group,
  list,
  positiveNumber,
  repeated,
  seed,
  share,
  temperatureGrid,
  wholeNumber,
} from './parse-option.ts'
import { settle } from './settle.ts'

describe('the values of options', () => {
  it('are read', () => {
    expect(wholeNumber(1)('12')).toBe(12)
    expect(share('0.25')).toBe(0.25)
    expect(positiveNumber('1.5')).toBe(1.5)
    expect(seed('7')).toBe(7)
    expect(seed('spring')).toBe('spring')
    expect(countOrFile('20')).toBe(20)
    expect(countOrFile('p.json')).toBe('p.json')
    expect(temperatureGrid('0.5, 1,2')).toEqual([0.5, 1, 2])
    expect(list('gender, age')).toEqual(['gender', 'age'])
    expect(fieldMap('input=question,output=my answer')).toEqual({ input: 'question', output: 'my answer' })
    expect(fieldMap('respondent=p', { input: 'q' })).toEqual({ input: 'q', respondent: 'p' })
    expect(group('age=18-29')).toEqual({ age: '18-29' })
    expect(group('size=a=b, c', { age: '18-29' })).toEqual({ age: '18-29', size: 'a=b, c' })
    expect([delimiter(';'), delimiter('tab')]).toEqual([';', '\t'])
    expect(repeated('b', ['a'])).toEqual(['a', 'b'])
  })

  it.each([
    [() => wholeNumber(1)('0'), 'at least 1'],
    [() => wholeNumber(0, 65_535)('70000'), 'from 0 to 65535'],
    [() => wholeNumber(1)('1.5'), 'whole number'],
    [() => wholeNumber(1)(''), 'whole number'],
    [() => share('1'), 'between 0 and 1'],
    [() => share(''), 'between 0 and 1'],
    [() => positiveNumber('-1'), 'above 0'],
    [() => positiveNumber('Infinity'), 'above 0'],
    [() => temperatureGrid('1,0.5'), 'ascending'],
    [() => temperatureGrid('0,1'), 'above 0'],
    [() => temperatureGrid('1,warm'), 'temperatures above 0'],
    [() => temperatureGrid('1,Infinity'), 'temperatures above 0'],
    [() => fieldMap('question=input'), '"question=input"'],
    [() => fieldMap('input'), '"input"'],
    [() => list(' , '), 'commas'],
    [() => group('age'), 'an attribute and its value'],
    [() => group('=18-29'), 'an attribute and its value'],
    [() => group('age='), 'an attribute and its value'],
    [() => group('age=old', { age: '18-29' }), 'age is given twice'],
    [() => delimiter('||'), 'one character'],
  ])('are refused with a reason (%#)', (parse, reason) => {
    expect(parse).toThrow(reason)
  })
})

describe('settle', () => {
  it('takes the flag before the configuration before the default', () => {
    const defaults = { rounds: 3, pairs: 4, seed: 1 }
    expect(settle(defaults, { rounds: 9 }, { rounds: 5, pairs: 6 })).toEqual({ rounds: 9, pairs: 6, seed: 1 })
  })

  it('lets undefined stand for not given, and keeps false and 0', () => {
    expect(settle({ a: 1, b: true }, { a: undefined, b: false }, { a: 0 })).toEqual({ a: 0, b: false })
  })
})
