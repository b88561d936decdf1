import { expect, test } from 'vitest'
import { isTransient } from './is-transient.ts'

const failure = (fields: object, cause?: unknown): Error =>
  Object.assign(new Error('failed', cause === undefined ? undefined : { cause }), fields)

test.each([
  failure({ status: 429 }),
  failure({ statusCode: 503 }),
  failure({ code: 'ECONNRESET' }),
  // As clients wrap what fetch throws.
  failure({ name: 'APICallError', statusCode: undefined }, failure({}, failure({ code: 'ECONNREFUSED' }))),
])('%o is worth another try', (error) => {
  expect(isTransient(error)).toBe(true)
})

test.each([
  failure({}),
  failure({ status: 400 }),
  failure({ statusCode: 401 }, failure({ code: 'ECONNRESET' })),
  failure({ code: 'ENOENT' }, failure({ status: 404 })),
  'ECONNRESET',
  undefined,
])('%o is not', (error) => {
  expect(isTransient(error)).toBe(false)
})
