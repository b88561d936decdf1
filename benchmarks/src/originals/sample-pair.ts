import { createRandom } from '@mop/core'
import { type ArrayFiles, sizeOf, writeArray } from './array-files.ts'

/** Two samples of a hundred faint groups in dimensions of falling spread, the second shifted a little: `real.f32`, `simulated.f32`. */
export function writeSamplePair(files: ArrayFiles): void {
  writeArray(files, 'real.f32', sample(files, 'real', 0))
  writeArray(files, 'simulated.f32', sample(files, 'simulated', 0.3))
}

function sample(files: ArrayFiles, seed: string, shift: number): Float32Array {
  const columns = sizeOf(files, 'columns')
  const random = createRandom(seed)
  return Float32Array.from({ length: sizeOf(files, 'rows') * columns }, (_, at) => {
    const column = at % columns
    const group = Math.floor(at / columns) % 100
    const noise = random.next() + random.next() + random.next() - 1.5
    return (
      ((group * 31 + column * 7) % 13 === 0 ? 1 : 0) +
      2 * noise * 0.995 ** column +
      (column === 3 ? shift : 0)
    )
  })
}
