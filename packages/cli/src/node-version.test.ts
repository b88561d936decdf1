import { expect, it } from 'vitest'
import packageJson from '../package.json' with { type: 'json' }
import { isNodeNewEnough, oldestNode } from './node-version.ts'

it.each([
  ['22.18.0', true],
  ['22.17.9', false],
  ['20.20.2', false],
  ['24.0.0', true],
  ['22.18.1', true],
])('Node %s: %s', (version, enough) => {
  expect(isNodeNewEnough(version, '22.18.0')).toBe(enough)
})

it('is what the package says', () => {
  expect(`>=${oldestNode}`.startsWith(packageJson.engines.node)).toBe(true)
})
