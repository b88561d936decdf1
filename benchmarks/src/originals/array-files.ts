import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Matrix } from '@mop/core/numeric'

/** Sizes of a row's problem: rows, columns, clusters, … */
export type Sizes = Readonly<Record<string, number>>

type NumberArray = Float32Array | Float64Array | Int32Array

const kinds = { f32: Float32Array, f64: Float64Array, i32: Int32Array }

/** The folder both sides of a row read: `sizes.json`, and arrays whose ending says their kind, little-endian. */
export interface ArrayFiles {
  readonly folder: string
  readonly sizes: Sizes
}

export function createArrayFiles(folder: string, sizes: Sizes): ArrayFiles {
  writeFileSync(join(folder, 'sizes.json'), JSON.stringify(sizes, undefined, 1))
  return { folder, sizes }
}

export function openArrayFiles(folder: string): ArrayFiles {
  return { folder, sizes: JSON.parse(readFileSync(join(folder, 'sizes.json'), 'utf8')) as Sizes }
}

export function sizeOf({ sizes }: ArrayFiles, name: string): number {
  const size = sizes[name]
  if (size === undefined) throw new Error(`sizes.json: no ${name}`)
  return size
}

export function writeArray({ folder }: ArrayFiles, name: string, values: NumberArray): void {
  writeFileSync(join(folder, name), values)
}

export function readArray(files: ArrayFiles, name: `${string}.f32`): Float32Array
export function readArray(files: ArrayFiles, name: `${string}.f64`): Float64Array
export function readArray(files: ArrayFiles, name: `${string}.i32`): Int32Array
export function readArray({ folder }: ArrayFiles, name: string): NumberArray {
  const kind = kinds[name.slice(-3) as keyof typeof kinds]
  const bytes = readFileSync(join(folder, name))
  const aligned = new ArrayBuffer(bytes.byteLength)
  new Uint8Array(aligned).set(bytes)
  return new kind(aligned)
}

/** A matrix file of as many rows as it holds. */
export function readMatrix(files: ArrayFiles, name: `${string}.f32`, columns: number): Matrix<Float32Array> {
  const data = readArray(files, name)
  return { rows: data.length / columns, columns, data }
}
