import type { ContractCase } from '@mop/core/testing'
import { expect, test } from 'vitest'

/** Runs the laws of a contract as tests. */
export function testContract(cases: readonly ContractCase[]): void {
  test.each(cases)('$name', async ({ run }) => {
    await expect(run()).resolves.toBeUndefined()
  })
}
