import { pageBytes } from './kernel-memory.ts'
import type { KernelName } from './kernel.ts'
import { reduceFunction, rotateFunction } from './wasm-eigen-code.ts'
import { addRowFunction, gramFunction, packRowFunction } from './wasm-scatter-code.ts'
import { expFunction } from './wasm-kernel-code.ts'
import { panelDotsFunction, panelScaleFunction, panelSumsFunction } from './wasm-panel-code.ts'
import { plainSymmetricKernel } from './symmetric-kernel-plain.ts'
import { assemble } from './wasm-assembler.ts'

/** The inner loops of symmetric products, of rows in panels and of eigenvectors, on a memory of their own. All addresses are bytes. */
export interface SymmetricKernel {
  /** Room for what was asked for; what it holds is of no account. */
  readonly values: Float64Array
  /** What it is made of, where threads can share it; else undefined. */
  readonly shared?: { readonly module: WebAssembly.Module; readonly memory: WebAssembly.Memory } | undefined
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
  readonly panelDots: (panels: number, rows: number, vector: number, a: number, dots: number) => void
  readonly panelSums: (panels: number, rows: number, factors: number, a: number, sums: number) => void
  readonly panelScale: (panels: number, rows: number, factors: number, a: number, target: number) => void
  readonly expFloat64: (address: number, pairs: number) => void
}

type AddRow = (panels: number, source: number, sums: number) => void
type PackRow = (panels: number, source: number, shift: number, target: number, panelBytes: number) => void

interface Instance extends Omit<SymmetricKernel, 'values'> {
  readonly memory: WebAssembly.Memory
}

/** 4 GiB, as far as addresses reach. */
const mostPages = 65_536

/** A memory up to this size is kept for the next call, and so is every one that threads share: an engine does not count those, and lets go of them late. */
const keptBytes = 2 ** 25

const modules = new Map<string, WebAssembly.Module | undefined>()
const kept = new Map<KernelName, Instance>()

/**
 * A kernel with room for `length` float64. Its memory is that of the last one: use it, copy the result, let go.
 *
 * @param share whether a large memory, too, is one that threads share, where there is such. Default false; a small one always is.
 */
export function symmetricKernel(name: KernelName, length: number, share = false): SymmetricKernel {
  const bytes = length * 8
  const pages = Math.ceil(bytes / pageBytes)
  let instance = kept.get(name)
  if (instance === undefined || instance.memory.buffer.byteLength < bytes) {
    const shared = (share || bytes <= keptBytes) && typeof SharedArrayBuffer === 'function'
    const module = symmetricModule(name, shared)
    if (module === undefined || pages > mostPages) return plainSymmetricKernel(new Float64Array(length))
    if (shared && instance?.shared !== undefined) grow(instance.memory, pages)
    else {
      instance = instantiate(module, pages, shared)
      if (shared || bytes <= keptBytes) kept.set(name, instance)
    }
  }
  return { ...instance, values: new Float64Array(instance.memory.buffer) }
}

function instantiate(module: WebAssembly.Module, pages: number, shared: boolean): Instance {
  const memory = new WebAssembly.Memory({ initial: pages, maximum: shared ? mostPages : pages, shared })
  const { exports } = new WebAssembly.Instance(module, { kernel: { memory } })
  const functions = exports as unknown as Omit<Instance, 'memory' | 'shared'>
  return { ...functions, memory, shared: shared ? { module, memory } : undefined }
}

function grow(memory: WebAssembly.Memory, pages: number): void {
  memory.grow(pages - memory.buffer.byteLength / pageBytes)
}

/** Compiled once; undefined for `plain` or where the engine cannot run it. */
function symmetricModule(name: KernelName, shared: boolean): WebAssembly.Module | undefined {
  const key = `${name} ${shared}`
  if (!modules.has(key))
    modules.set(key, name === 'plain' ? undefined : compile(name === 'wasm-relaxed-simd', shared))
  return modules.get(key)
}

function compile(fused: boolean, shared: boolean): WebAssembly.Module | undefined {
  if (typeof WebAssembly !== 'object') return undefined
  const rows = [true, false].flatMap((single) => [addRowFunction(single), packRowFunction(single)])
  const panels = [panelDotsFunction(fused), panelSumsFunction(fused), panelScaleFunction()]
  const eigenvectors = [reduceFunction(fused), rotateFunction(fused)]
  const functions = [...rows, gramFunction(fused), ...eigenvectors, ...panels, expFunction(fused)]
  try {
    return new WebAssembly.Module(assemble(functions, shared))
  } catch (error) {
    // An engine without these instructions, or a content security policy that forbids compiling: the plain kernel serves there.
    if (error instanceof WebAssembly.CompileError) return undefined
    throw error
  }
}
