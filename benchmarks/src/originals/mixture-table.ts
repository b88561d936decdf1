import { createRandom } from '@mop/core'
import { normal } from '../../../packages/core/src/random/normal.ts'
import { type ArrayFiles, sizeOf, writeArray } from './array-files.ts'

/**
 * `separated`: each record's own component explains it 8 nats better than the rest, give or take 1. `persona-like`: 2 nats better, give or
 * take 1.5, and a third of the components are in use. `hard`: densities of zero-mean normals on a fine grid of spreads, as in adaptive
 * shrinkage: neighbours explain everything alike, the optimum has few components, and EM crawls.
 */
export type MixtureTableKind = 'separated' | 'persona-like' | 'hard'

/** Log-likelihoods, records × components, row-major: `log-likelihood.f64`. */
export function writeMixtureTable(files: ArrayFiles, kind: MixtureTableKind): void {
  const [records, components] = [sizeOf(files, 'records'), sizeOf(files, 'components')]
  writeArray(files, 'log-likelihood.f64', mixtureTable(kind, records, components))
}

function mixtureTable(kind: MixtureTableKind, records: number, components: number): Float64Array {
  const random = createRandom('mixture table').fork(kind)
  const table = new Float64Array(records * components)
  const spreads = Float64Array.from(
    { length: components },
    (_, component) => 0.1 * 1000 ** (component / Math.max(1, components - 1)),
  )
  for (let record = 0; record < records; record++) {
    const start = record * components
    if (kind === 'hard') {
      // Half the effects are none, the others of three sizes.
      const effect = [0, 0, 0, 1, 2, 5][Math.floor(6 * random.next())] as number
      const observed = effect * normal(random) + normal(random)
      for (let component = 0; component < components; component++) {
        const variance = 1 + (spreads[component] as number) ** 2
        table[start + component] = -0.5 * (Math.log(2 * Math.PI * variance) + observed ** 2 / variance)
      }
      continue
    }
    const [gain, noise] = kind === 'separated' ? [8, 1] : [2, 1.5]
    const used = kind === 'separated' ? components : Math.ceil(components / 3)
    // Shares fall linearly over the components in use.
    const own = Math.floor(used * (1 - Math.sqrt(random.next())))
    const base = -40 + 5 * normal(random)
    for (let component = 0; component < components; component++) {
      table[start + component] = base + noise * normal(random) + (component === own ? gain : 0)
    }
  }
  return table
}
