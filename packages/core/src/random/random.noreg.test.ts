import { expect, test } from 'vitest'
import { categorical } from './categorical.ts'
import { normal } from './normal.ts'
import { createRandom } from './random.ts'
import { shuffle } from './shuffle.ts'
import { systematicCounts } from './systematic-counts.ts'
import { systematicSample } from './systematic-sample.ts'

// A change here changes every seeded result of every user: it is a breaking change.
test('seeded outputs are frozen', () => {
  const random = createRandom(2026)
  expect([random.next(), random.next(), random.next()]).toMatchInlineSnapshot(`
    [
      0.6980950857634525,
      0.9819074509849959,
      0.17064843698691412,
    ]
  `)
  expect([createRandom('2026').next(), random.fork('a').next(), random.fork('a').fork('b').next()])
    .toMatchInlineSnapshot(`
    [
      0.004016610807213161,
      0.5087550109710476,
      0.8745725410224469,
    ]
  `)
  expect(shuffle(random, [0, 1, 2, 3, 4, 5, 6, 7]).join()).toMatchInlineSnapshot(`"2,1,6,4,0,3,7,5"`)
  expect(Array.from({ length: 8 }, () => categorical(random, [1, 2, 3])).join()).toMatchInlineSnapshot(
    `"1,2,2,1,2,1,0,2"`,
  )
  expect([...systematicCounts(random, [1, 2, 3], 10)].join()).toMatchInlineSnapshot(`"1,4,5"`)
  expect(systematicSample(random, [0.5, 0.25, 0.75, 0.5]).join()).toMatchInlineSnapshot(`"1,3"`)
  // Through log and cos, whose last bit is the engine's.
  expect(normal(random).toFixed(12)).toMatchInlineSnapshot(`"-0.346319796821"`)
})
