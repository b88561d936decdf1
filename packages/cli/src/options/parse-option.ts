import { InvalidArgumentError } from 'commander'
import type { FieldMap } from '../config/config-schema.ts'

/** A parser of whole numbers of at least `minimum`, for commander. */
export function wholeNumber(
  minimum: number,
  maximum: number = Number.MAX_SAFE_INTEGER,
): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN
    if (value >= minimum && value <= maximum) return value
    const range =
      maximum === Number.MAX_SAFE_INTEGER ? `of at least ${minimum}` : `from ${minimum} to ${maximum}`
    throw new InvalidArgumentError(`It must be a whole number ${range}.`)
  }
}

/** A share between 0 and 1, both excluded. */
export function share(text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text)
  if (value > 0 && value < 1) return value
  throw new InvalidArgumentError('It must be a share between 0 and 1, for example 0.2.')
}

export function positiveNumber(text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text)
  if (value > 0 && Number.isFinite(value)) return value
  throw new InvalidArgumentError('It must be a number above 0.')
}

/** A whole number stays one; anything else is a word. Both seed equally well. */
export function seed(text: string): number | string {
  if (text === '') throw new InvalidArgumentError('It must be a number or a word.')
  return /^\d{1,15}$/.test(text) ? Number(text) : text
}

/** `--personas 20` or `--personas file.json`. */
export function countOrFile(text: string): number | string {
  if (text === '') throw new InvalidArgumentError('It must be a number or a file.')
  return /^\d+$/.test(text) ? Number(text) : text
}

export function list(text: string): string[] {
  const values = text
    .split(',')
    .map((value) => value.trim())
    .filter((value) => value !== '')
  if (values.length > 0) return values
  throw new InvalidArgumentError('It must be names with commas between them.')
}

/** `0.7,1,1.4,2`: temperatures above 0, ascending. */
export function temperatureGrid(text: string): number[] {
  const values = list(text).map(Number)
  if (values.every((value, index) => value > (values[index - 1] ?? 0) && value < Infinity)) return values
  throw new InvalidArgumentError('It must be temperatures above 0, ascending, for example 0.7,1,1.4,2.')
}

const mapped = ['id', 'input', 'output', 'choices', 'respondent', 'weight'] as const

/** `input=question,output=answer`: which field of the file holds what. Repeated options add up. */
export function fieldMap(text: string, earlier: FieldMap = {}): FieldMap {
  const pairs = list(text).map((pair) => {
    const [, name = '', field = ''] = /^([^=]+)=(.+)$/.exec(pair) ?? []
    if (!(mapped as readonly string[]).includes(name) || field === '') {
      throw new InvalidArgumentError(
        `Write ${mapped.join(', ')} = a field of the file; found ${JSON.stringify(pair)}.`,
      )
    }
    return [name, field] as const
  })
  return { ...earlier, ...(Object.fromEntries(pairs) as FieldMap) }
}

/** `age=18-29`: a group of the population. Repeated options add up. */
export function group(
  text: string,
  earlier: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const [, attribute = '', value = ''] = /^([^=]+)=(.+)$/s.exec(text) ?? []
  if (attribute === '') {
    throw new InvalidArgumentError('It must be an attribute and its value, for example age=18-29.')
  }
  if (Object.hasOwn(earlier, attribute)) {
    throw new InvalidArgumentError(`${attribute} is given twice; a group has one value for each attribute.`)
  }
  return { ...earlier, [attribute]: value }
}

/** Between the cells of a CSV file: one character, or `tab`. */
export function delimiter(text: string): string {
  if (text === 'tab') return '\t'
  if (text.length === 1) return text
  throw new InvalidArgumentError('It must be one character, or tab.')
}

/** Collects a repeatable option. */
export function repeated(text: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, text]
}
