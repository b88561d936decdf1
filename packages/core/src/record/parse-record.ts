import * as v from 'valibot'
import { RecordError, type RecordPlace } from '../errors/record-error.ts'
import { describeValue } from './describe-value.ts'
import type { PopulationRecord } from './population-record.ts'

const notAChoice = 'is not one of the choices'

const text = v.pipe(
  v.string('must be text'),
  v.check((value) => value.isWellFormed(), 'holds half of a surrogate pair, which no encoding can carry'),
)
const filledText = v.pipe(
  text,
  v.check((value) => value.trim() !== '', 'must not be empty'),
)
const attributes = v.pipe(
  v.custom<Record<string, unknown>>(
    (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
    'must be an object of attribute names and values',
  ),
  // valibot's record leaves these keys out without a word.
  v.check(
    (value) => !['__proto__', 'constructor', 'prototype'].some((key) => Object.hasOwn(value, key)),
    'has an attribute named __proto__, constructor or prototype, which is refused',
  ),
  v.record(
    v.string(),
    v.union(
      [text, v.pipe(v.number(), v.finite()), v.boolean()],
      'must be text, a finite number, true or false',
    ),
  ),
)

/** The schema of a record. Unknown fields are left out; texts are kept exactly as they are. */
export const populationRecordSchema: v.GenericSchema<unknown, PopulationRecord> = v.pipe(
  v.object(
    {
      id: filledText,
      input: text,
      output: filledText,
      choices: v.optional(
        v.pipe(
          v.array(filledText, 'must be a list of texts'),
          v.minLength(1, 'must hold at least one choice'),
          v.check((values) => new Set(values).size === values.length, 'holds the same choice twice'),
        ),
      ),
      attributes: v.optional(attributes),
      respondent: v.optional(filledText),
      weight: v.optional(
        v.pipe(v.number('must be a number'), v.finite('must be finite'), v.minValue(0, 'must be 0 or more')),
      ),
    },
    ({ received, expected }) =>
      received === 'undefined' && expected !== 'Object'
        ? 'is missing'
        : 'must be an object with id, input and output',
  ),
  v.forward(
    v.partialCheck(
      [['output'], ['choices']],
      ({ output, choices }) => choices === undefined || choices.includes(output),
      notAChoice,
    ),
    ['output'],
  ),
)

/**
 * Checks one value against `populationRecordSchema`.
 *
 * @param place where the value stands, for the error.
 * @throws RecordError (`record-invalid`) naming the place, the field, what was found and what to do.
 */
export function parseRecord(value: unknown, place: RecordPlace = {}): PopulationRecord {
  const result = v.safeParse(populationRecordSchema, value, { abortEarly: true })
  if (result.success) return result.output
  const [issue] = result.issues
  const field = v.getDotPath(issue) ?? undefined
  // The check of the output against the choices hands over the whole record.
  const found = issue.message === notAChoice ? (value as { output: unknown }).output : issue.input
  throw new RecordError({
    code: 'record-invalid',
    place,
    field,
    problem: `${field === undefined ? 'a record ' : ''}${issue.message}${found === undefined ? '' : `; found ${describeValue(found)}`}.`,
    remedy: remedyFor(field, found, issue.message),
  })
}

function remedyFor(field: string | undefined, found: unknown, message: string): string {
  if (field === undefined)
    return 'Give an object {id, input, output, choices?, attributes?, respondent?, weight?}.'
  const [name] = field.split('.')
  if (found === undefined) return `Add "${name}", or map it to the column that holds it.`
  if (message === notAChoice) return 'Spell it as in "choices", or leave "choices" out for free text.'
  if (typeof found === 'number' && name !== 'weight')
    return `Write it as text: ${JSON.stringify(String(found))}.`
  if (name === 'weight') return 'Give a finite number of 0 or more, or leave the weight out (it is then 1).'
  if (name === 'choices')
    return 'Give the distinct answers as a list of texts, or leave it out for free text.'
  return 'Correct the record, or leave it out.'
}
