import type { Command } from 'commander'
import { expect, it } from 'vitest'
import { createProgram } from '../program.ts'
import { flagOf, inFlags } from './in-flags.ts'

const program = createProgram({
  version: '0',
  perform: () => Promise.resolve(),
  styleTitle: (title) => title,
})
const command = (...path: readonly string[]): Command =>
  path.reduce<Command>((parent, name) => {
    const found = parent.commands.find((one) => one.name() === name)
    if (found === undefined) throw new Error(`no command ${name}`)
    return found
  }, program)

it.each([
  ['`rounds` must be an integer ≥ 1; found 0.', '--rounds must be an integer ≥ 1; found 0.'],
  ['`pairsPerRound` must be 1', '--pairs must be 1'],
  ['`budget.calls` must be at least 90', '--budget must be at least 90'],
  ['`heldOut, validation` must be two shares', '--held-out and --validation must be two shares'],
  ['`records` must be enough', '<records> must be enough'],
  ['Use the `scorer` or another `table`.', 'Use the --model or another --table.'],
  ['Widen the grid with `temperatures`.', 'Widen the grid with --temperatures.'],
  ['with a larger `contextSize`', 'with a larger --context'],
  ['score more held-out pairs (`heldOutPairs`)', 'score more held-out pairs (--held-out-pairs)'],
  ['a file that `mop fit` wrote', 'a file that `mop fit` wrote'],
  ['`heldOut, unknown` must be', '`heldOut, unknown` must be'],
])('writes %s as %s', (text, shown) => {
  expect(inFlags(text, command('fit'))).toBe(shown)
})

it('names the attribute of a group beside the flag', () => {
  expect(inFlags('`given.age` must be', command('simulate'))).toBe('--given age must be')
  expect(inFlags('`given.age` must be', command('fit'))).toBe('`given.age` must be')
})

it('knows the flags of each command, and no others', () => {
  expect(flagOf('count', command('simulate'))).toBe('--draws')
  expect(flagOf('count', command('personas', 'synthesise'))).toBe('--count')
  expect(flagOf('records', command('inspect'))).toBe('--records')
  expect(flagOf('rounds', command('inspect'))).toBe(undefined)
})
