import { createRandom } from '@mop/core'
import { describe, expect, it } from 'vitest'
import { distinctShare } from './distinct-share.ts'
import { meanCosineDistance } from './mean-cosine-distance.ts'
import { principalPlane } from './principal-plane.ts'

describe('the mean cosine distance', () => {
  it('is 0 for equal, 1 for orthogonal and 2 for opposite directions', () => {
    expect(
      meanCosineDistance([
        [1, 0],
        [1, 0],
      ]),
    ).toBe(0)
    expect(
      meanCosineDistance([
        [1, 0],
        [0, 1],
      ]),
    ).toBe(1)
    expect(
      meanCosineDistance([
        [1, 0],
        [-1, 0],
      ]),
    ).toBe(2)
  })

  it('is the mean over pairs, and 0 of less than two', () => {
    expect(
      meanCosineDistance([
        [1, 0],
        [1, 0],
        [0, 1],
      ]),
    ).toBeCloseTo(2 / 3, 12)
    expect(meanCosineDistance([[1, 0]])).toBe(0)
  })
})

describe('the distinct share', () => {
  it('counts texts but for white space around them', () => {
    expect(distinctShare(['a', ' a', 'b', 'b'])).toBe(0.5)
    expect(distinctShare([])).toBe(0)
  })
})

describe('the plane', () => {
  it('keeps the distances of points that lie in one', () => {
    const random = createRandom(1)
    const points = Array.from({ length: 12 }, () => [random.next(), random.next()] as const)
    const plane = principalPlane(points.map(([a, b]) => [a, b, a + b, a - b]))
    expect(plane.explained).toBeCloseTo(1, 9)
    for (const [index, [a, b]] of points.entries()) {
      const [first] = points
      const [at, from] = [plane.points[index], plane.points[0]]
      const length = Math.hypot(a - (first?.[0] ?? 0), b - (first?.[1] ?? 0)) * Math.sqrt(3)
      expect(Math.hypot((at?.x ?? 0) - (from?.x ?? 0), (at?.y ?? 0) - (from?.y ?? 0))).toBeCloseTo(length, 9)
    }
  })

  it('lies the same way each time, whatever is added to the vectors', () => {
    const random = createRandom(2)
    const vectors = Array.from({ length: 9 }, () => Array.from({ length: 5 }, () => random.next()))
    const moved = vectors.map((vector) => vector.map((value) => value + 3))
    const [plane, other] = [principalPlane(vectors), principalPlane(moved)]
    for (const [index, { x, y }] of plane.points.entries()) {
      expect(other.points[index]?.x).toBeCloseTo(x, 9)
      expect(other.points[index]?.y).toBeCloseTo(y, 9)
    }
    expect(plane.explained).toBeLessThan(1)
  })

  it('is a point where nothing varies', () => {
    expect(
      principalPlane([
        [1, 2],
        [1, 2],
      ]),
    ).toEqual({
      points: [
        { x: 0, y: 0 },
        { x: 0, y: 0 },
      ],
      explained: 1,
    })
    expect(principalPlane([])).toEqual({ points: [], explained: 1 })
  })
})
