import { expect, test } from 'vitest'
import { temperaturesAtEnds } from './temperatures-at-ends.ts'

const grid = [0.7, 1, 1.4, 2]
const persona = (id: string, temperature: number): { id: string; temperature: number } => ({
  id,
  temperature,
})

test('names the personas whose temperature the grid held back, and the option that widens it', () => {
  const personas = [persona('a', 2), persona('b', 1.95), persona('c', 1.6), persona('d', 0.7)]
  expect(temperaturesAtEnds(grid, personas)).toEqual([
    'The temperature of persona "d" stopped at the lowest of its grid (0.7); a lower one may explain the records better. Widen the grid with `temperatures`, for example 0.49,0.7,1,1.4,2 (all likelihoods are then computed anew).',
    'The temperature of personas "a", "b" stopped at the highest of its grid (2); a higher one may explain the records better. Widen the grid with `temperatures`, for example 0.7,1,1.4,2,2.9 (all likelihoods are then computed anew).',
  ])
})

test('names five of many', () => {
  const personas = Array.from({ length: 12 }, (_, k) => persona(`p${k}`, 2))
  const [warning] = temperaturesAtEnds(grid, personas)
  expect(warning).toContain('"p0", "p1", "p2", "p3", "p4" and 7 more stopped')
})

test('says nothing of temperatures inside, and of one that was given', () => {
  expect(temperaturesAtEnds(grid, [persona('a', 0.75), persona('b', 1.9)])).toEqual([])
  expect(temperaturesAtEnds([1], [persona('a', 1)])).toEqual([])
})
