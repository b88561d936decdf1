import { expect, test } from 'vitest'
import { numberText } from './number-text.ts'

test.each([
  [0.12345, '0.123'],
  [-9.8765, '−9.877'],
  [-30.659, '−30.66'],
  [172.04, '172.0'],
  [-0.0001, '0.000'],
  [Number.NaN, 'not finite'],
])('%d is shown as %s', (value, text) => {
  expect(numberText(value)).toBe(text)
})
