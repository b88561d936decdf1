import fc from 'fast-check'
import { expect, test } from 'vitest'
import { allocateByLargestRemainder } from '../numeric/allocate-by-largest-remainder.ts'
import { allocateToStrata } from './allocate-to-strata.ts'

const stratum = fc
  .record({ share: fc.double({ min: 0.01, max: 100, noNaN: true }), least: fc.nat(3), spare: fc.nat(20) })
  .map(({ share, least, spare }) => ({ share, least, most: least + spare }))

test('bounds hold and the sum is the size, as far as the bounds allow', () => {
  fc.assert(
    fc.property(fc.array(stratum, { minLength: 1, maxLength: 8 }), fc.nat(100), (strata, size) => {
      const allocated = allocateToStrata(strata, size)
      const least = strata.reduce((sum, bound) => sum + bound.least, 0)
      const most = strata.reduce((sum, bound) => sum + bound.most, 0)
      expect(allocated.reduce((a, b) => a + b, 0)).toBe(Math.min(most, Math.max(least, size)))
      for (const [index, bound] of strata.entries()) {
        expect(allocated[index]).toBeGreaterThanOrEqual(bound.least)
        expect(allocated[index]).toBeLessThanOrEqual(bound.most)
      }
    }),
  )
})

test('where no bound binds it is the largest remainder method itself', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 8 }),
      fc.nat(100),
      (shares, size) => {
        const strata = shares.map((share) => ({ share, least: 0, most: 100 }))
        expect(allocateToStrata(strata, size)).toEqual(allocateByLargestRemainder(shares, size))
      },
    ),
  )
})
