import { digest } from '../record/digest.ts'
import type { Item } from '../likelihood/item.ts'
import { multiply } from '../numeric/gemm.ts'
import { type Matrix, zeros } from '../numeric/matrix.ts'
import { type Clues, logAffinityFrom } from './component-proposals.ts'
import { componentAt } from './fit-data.ts'
import type { FitRun } from './fit-run.ts'

/** Sharpness of the affinity between a persona's and an exemplar's embedding, per unit of cosine. */
const embeddingSharpness = 10

/**
 * log P(persona | exemplar), K × J: from the likelihood of each exemplar's response under each persona alone, or, where
 * those would cost more than a quarter of the training calls, from the embeddings.
 */
export async function findAffinity(run: FitRun): Promise<Matrix> {
  const { data, plan, table } = run
  const { personas, exemplars } = data
  if (exemplars.length === 0) return zeros(personas.length, 0)
  if (plan.affinityCalls === 0) {
    const cosines = multiply(data.hg, data.he, { transposeB: true })
    return logAffinityFrom({ ...cosines, data: cosines.data.map((cosine) => embeddingSharpness * cosine) })
  }
  const items = await Promise.all(
    exemplars.map(async ({ input, output }): Promise<Item> => ({
      name: await digest(input, output),
      input,
      output,
    })),
  )
  const tasks = items.flatMap((item) => personas.map((_, persona) => ({ item, persona, exemplar: -1 })))
  await run.score(tasks, 'score', 1)
  const middle = Math.floor(table.header.temperatures.length / 2)
  const scores = zeros(personas.length, exemplars.length)
  for (const [j, item] of items.entries()) {
    for (let k = 0; k < personas.length; k += 1) {
      const values = table.logLikelihoods(item.name, data.names.name(k, -1)) as Float64Array
      scores.data[k * exemplars.length + j] = values[middle] as number
    }
  }
  return logAffinityFrom(scores)
}

/** The clues of a run, from the anchors scored so far. */
export function cluesOf(run: FitRun, logAffinity: Matrix, anchors: Int32Array): Clues {
  const { data, table } = run
  const middle = Math.floor(table.header.temperatures.length / 2)
  return {
    affinity: { ...logAffinity, data: logAffinity.data.map(Math.exp) },
    anchorLogLikelihoods(item) {
      const name = data.items[item]?.name ?? ''
      return Float64Array.from(anchors, (component) => {
        const { persona, exemplar } = componentAt(data, component)
        return table.logLikelihoods(name, data.names.name(persona, exemplar))?.[middle] ?? -Infinity
      })
    },
  }
}
