import type { KernelName } from './kernel.ts'
import {
  addRowFunction,
  gramFunction,
  packRowFunction,
  reduceFunction,
  rotateFunction,
} from './symmetric-kernel-code.ts'
import { plainSymmetricKernel } from './symmetric-kernel-plain.ts'
import { assemble } from './wasm-assembler.ts'

/** The inner loops of symmetric products and eigenvectors, on a memory of their own. All addresses are bytes. */
export interface SymmetricKernel {
  /** Room for what was asked for; what it holds is of no account. */
  readonly values: Float64Array
  readonly addRow32: AddRow
  readonly addRow64: AddRow
  readonly packRow32: PackRow
  readonly packRow64: PackRow
  readonly gram: (panels: number, depth: number, a: number, b: number, c: number, rowStride: number) => void
  readonly reduce: (
    pairs: number,
    vectors: number,
    entries: number,
    rowStride: number,
    v: number,
    w: number,
    next: number,
    product: number,
    sums: number,
  ) => void
  readonly rotate: (row: number, pairs: number, count: number) => void
}

type AddRow = (panels: number, source: number, sums: number) => void
type PackRow = (panels: number, source: number, shift: number, target: number, panelBytes: number) => void

interface Instance extends Omit<SymmetricKernel, 'values'> {
  readonly memory: WebAssembly.Memory
}

const pageBytes = 65536

/** A memory up to this size is kept for the next call. */
const keptBytes = 2 ** 25

const modules = new Map<KernelName, WebAssembly.Module | undefined>()
const kept = new Map<KernelName, Instance>()

/** A kernel with room for `length` float64. Its memory is that of the last one: use it, copy the result, let go. */
export function symmetricKernel(name: KernelName, length: number): SymmetricKernel {
  const bytes = length * 8
  let instance = kept.get(name)
  if (instance === undefined || instance.memory.buffer.byteLength < bytes) {
    if (!modules.has(name)) modules.set(name, symmetricModule(name, false))
    const module = modules.get(name)
    if (module === undefined) return plainSymmetricKernel(new Float64Array(length))
    const pages = Math.ceil(bytes / pageBytes)
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages })
    instance = { ...symmetricFunctions(module, memory), memory }
    if (bytes <= keptBytes) kept.set(name, instance)
  }
  return { ...instance, values: new Float64Array(instance.memory.buffer) }
}

/** The functions on that memory, which threads share if the module was made so. */
export function symmetricFunctions(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
): Omit<SymmetricKernel, 'values'> {
  const { exports } = new WebAssembly.Instance(module, { kernel: { memory } })
  return exports as unknown as Omit<SymmetricKernel, 'values'>
}

/** Undefined for `plain` or where the engine cannot run it. */
export function symmetricModule(name: KernelName, shared: boolean): WebAssembly.Module | undefined {
  if (name === 'plain' || typeof WebAssembly !== 'object') return undefined
  const fused = name === 'wasm-relaxed-simd'
  const rows = [true, false].flatMap((single) => [addRowFunction(single), packRowFunction(single)])
  const functions = [...rows, gramFunction(fused), reduceFunction(fused), rotateFunction(fused)]
  const code = assemble(functions, shared)
  if (!WebAssembly.validate(code)) return undefined
  try {
    return new WebAssembly.Module(code)
  } catch (error) {
    // As in `wasmKernel`: a content security policy may forbid compiling.
    if (error instanceof WebAssembly.CompileError) return undefined
    throw error
  }
}
