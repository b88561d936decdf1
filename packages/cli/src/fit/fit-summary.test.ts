import { expect, it } from 'vitest'
import { gateLine } from './fit-summary.ts'

const constant = { gap: 2e-7 }

it('says how the gate was held back: by λ, by batches, or not at all', () => {
  const gate = { chosen: 'contextual', rank: 32, regularisation: 0.0047 } as const
  expect(gateLine({ gate, constant })).toContain('(rank 32, λ 0.0047)')
  expect(gateLine({ gate: { ...gate, regularisation: 0 }, constant })).toContain('(rank 32, by batches)')
  expect(gateLine({ gate: { ...gate, chosen: 'constant' }, constant })).toMatch(/^constant: /)
})
