import { PCA } from 'ml-pca'
import type { Vector } from './euclidean-distance.ts'

export interface PrincipalPlane {
  /** In the order of the vectors. */
  readonly points: readonly { readonly x: number; readonly y: number }[]
  /** Share of the variance that the plane keeps; 1 where nothing varies. */
  readonly explained: number
}

/** Vectors in the plane in which they differ most. The side to which an axis points is arbitrary: here its first large coordinate is positive. */
export function principalPlane(vectors: readonly Vector[]): PrincipalPlane {
  const [first] = vectors
  const varies =
    first !== undefined && vectors.some((vector) => vector.some((value, k) => value !== first[k]))
  if (!varies) return { points: vectors.map(() => ({ x: 0, y: 0 })), explained: 1 }
  const rows = vectors.map((vector) => Array.from(vector))
  const plane = new PCA(rows)
  const points = plane.predict(rows, { nComponents: 2 }).to2DArray()
  const [x = 1, y = 1] = [0, 1].map((axis) => signOf(points.map((point) => point[axis] ?? 0)))
  const explained = plane.getExplainedVariance().slice(0, 2)
  return {
    points: points.map(([across = 0, up = 0]) => ({ x: x * across, y: y * up })),
    explained: Math.min(
      1,
      explained.reduce((sum, share) => sum + share, 0),
    ),
  }
}

/** By the coordinate that is farthest from 0. */
function signOf(coordinates: readonly number[]): 1 | -1 {
  const farthest = coordinates.reduce(
    (most, value) => (Math.abs(value) > Math.abs(most) + 1e-9 ? value : most),
    0,
  )
  return farthest < 0 ? -1 : 1
}
