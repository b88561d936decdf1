import { type KernelName, kernelName } from './kernel.ts'
import { type Matrix, zeros } from './matrix.ts'
import type { Points } from './squared-distances.ts'
import { gramPanel } from './symmetric-kernel-code.ts'
import { symmetricKernel } from './symmetric-kernel.ts'

export interface GramOptions {
  /** Taken from every row first: `columns` entries. Default zeros. */
  readonly shift?: Float64Array
  /** Default the fastest this engine can run; `plain` where the one asked for cannot run. */
  readonly kernel?: KernelName
}

/** Rows that are multiplied at a time: two panels of them stay in the first cache. */
const rowBlock = 128

/**
 * Xᵀ X (columns × columns, exactly symmetric) of n rows, in float64 whatever the precision of the data. n columns² / 2
 * multiplications: one triangle is made, the other mirrored.
 */
export function gram(points: Points, options: GramOptions = {}): Matrix {
  const { rows, columns, data } = points
  const { shift = new Float64Array(columns), kernel = kernelName() } = options
  const panels = Math.ceil(columns / gramPanel)
  const width = panels * gramPanel
  const { values, gram: multiplyPanels } = symmetricKernel(kernel, width * (width + rowBlock))
  const packed = width * width
  values.fill(0, 0, width * (width + rowBlock))
  for (let row = 0; row < rows; row += rowBlock) {
    const depth = Math.min(rowBlock, rows - row)
    for (let step = 0; step < depth; step++) {
      let from = (row + step) * columns
      let column = 0
      for (let panel = 0; panel < panels; panel++) {
        let to = packed + (panel * depth + step) * gramPanel
        for (const end = Math.min(columns, column + gramPanel); column < end; column++) {
          values[to++] = (data[from++] as number) - (shift[column] as number)
        }
      }
    }
    for (let panel = 0; panel < panels; panel++) {
      const at = 8 * (packed + panel * depth * gramPanel)
      multiplyPanels(panels - panel, depth, at, at, 8 * panel * gramPanel * (width + 1), 8 * width)
    }
  }
  const product = zeros(columns, columns)
  for (let row = 0; row < columns; row++) {
    for (let column = 0; column <= row; column++) {
      const value = values[row * width + column] as number
      product.data[row * columns + column] = value
      product.data[column * columns + row] = value
    }
  }
  return product
}
