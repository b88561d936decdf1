import { type Random, shuffle } from '@mop/core'
import { selectRows } from '@mop/core/numeric'
import type { Embeddings } from '../embedding/embeddings.ts'
import { pooledRows } from '../embedding/pooled-rows.ts'
import { principalComponents } from '../numeric/principal-components.ts'
import type { EmbeddingMap, MapSeries } from './portrait.ts'

/** Embeddings of the real answers, or of an arm's. */
export interface EmbeddedSeries {
  /** Absent for the real answers. */
  readonly arm?: string
  readonly embeddings: Embeddings
}

export interface PortrayMapOptions {
  /** Which rows are drawn, where there are more than `most`; one stream for each series, whichever others there are. */
  readonly random: Random
  /** Points of each series. Default 400. */
  readonly most?: number
}

/**
 * The drawn rows of all series, centred together and projected on the two directions in which they vary most. Distances on the map are at
 * most those of the embeddings.
 *
 * @param series at least one, of one dimension, with at least two rows in all.
 */
export function portrayMap(
  series: readonly EmbeddedSeries[],
  { random, most = 400 }: PortrayMapOptions,
): EmbeddingMap {
  const drawn = series.map(({ arm, embeddings }) => {
    if (embeddings.rows <= most) return embeddings
    const stream = random.fork(arm === undefined ? 'real' : `arm ${arm}`)
    const places = shuffle(stream, Array(embeddings.rows).keys()).slice(0, most)
    return selectEmbeddings(
      embeddings,
      places.toSorted((a, b) => a - b),
    )
  })
  const { scores, explained } = principalComponents(drawn.reduce(pooledRows), 1)
  let row = 0
  return {
    explained: [explained[0] ?? 0, explained[1] ?? 0],
    series: series.map(({ arm, embeddings }, index): MapSeries => {
      const first = row
      row += drawn[index]?.rows ?? 0
      const along = (axis: number): number[] =>
        Array.from({ length: row - first }, (_, point) => {
          const place = (first + point) * scores.columns + axis
          return axis < scores.columns ? Number((scores.data[place] as number).toPrecision(5)) : 0
        })
      return { ...(arm !== undefined && { arm }), answers: embeddings.rows, x: along(0), y: along(1) }
    }),
  }
}

function selectEmbeddings(embeddings: Embeddings, rows: readonly number[]): Embeddings {
  const { rows: n, columns, data } = embeddings
  return data instanceof Float32Array
    ? selectRows({ rows: n, columns, data }, rows)
    : selectRows({ rows: n, columns, data }, rows)
}
