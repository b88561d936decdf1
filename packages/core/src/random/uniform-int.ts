import { InvalidArgumentError } from '../errors/invalid-argument-error.ts'
import type { Random } from './random.ts'

/** Uniform over 0, 1, …, bound − 1. `bound` is an integer from 1 to 2³². The bias is below bound · 2⁻⁵³. */
export function uniformInt(random: Random, bound: number): number {
  if (!Number.isInteger(bound) || bound < 1 || bound > 2 ** 32) {
    throw new InvalidArgumentError({ argument: 'bound', expected: 'an integer from 1 to 2^32', found: bound })
  }
  return Math.floor(random.next() * bound)
}
