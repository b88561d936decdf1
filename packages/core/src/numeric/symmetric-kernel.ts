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

const pageBytes = 65536

/** 4 GiB, as far as addresses reach. */
const mostPages = 65_536

/** A memory up to this size is kept for the next call. */
const keptBytes = 2 ** 25

const modules = new Map<KernelName, SymmetricModule | undefined>()
const kept = new Map<KernelName, Instance>()

/** A kernel with room for `length` float64. Its memory is that of the last one: use it, copy the result, let go. */
export function symmetricKernel(name: KernelName, length: number): SymmetricKernel {
  const bytes = length * 8
  let instance = kept.get(name)
  if (instance === undefined || instance.memory.buffer.byteLength < bytes) {
    const made = symmetricModule(name)
    const pages = Math.ceil(bytes / pageBytes)
    if (made === undefined || pages > mostPages) return plainSymmetricKernel(new Float64Array(length))
    const { module, shared } = made
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared })
    const { exports } = new WebAssembly.Instance(module, { kernel: { memory } })
    const functions = exports as unknown as Omit<Instance, 'memory' | 'shared'>
    instance = { ...functions, memory, shared: shared ? { module, memory } : undefined }
    if (bytes <= keptBytes) kept.set(name, instance)
  }
  return { ...instance, values: new Float64Array(instance.memory.buffer) }
}

interface SymmetricModule {
  readonly module: WebAssembly.Module
  /** Whether its memory is one that threads share: wherever there is such, so that all work on one compiled module. */
  readonly shared: boolean
}

/** Compiled once; undefined for `plain` or where the engine cannot run it. */
function symmetricModule(name: KernelName): SymmetricModule | undefined {
  if (!modules.has(name))
    modules.set(name, name === 'plain' ? undefined : compile(name === 'wasm-relaxed-simd'))
  return modules.get(name)
}

function compile(fused: boolean): SymmetricModule | undefined {
  if (typeof WebAssembly !== 'object') return undefined
  const shared = typeof SharedArrayBuffer === 'function'
  const rows = [true, false].flatMap((single) => [addRowFunction(single), packRowFunction(single)])
  const panels = [panelDotsFunction(fused), panelSumsFunction(fused), panelScaleFunction()]
  const eigenvectors = [reduceFunction(fused), rotateFunction(fused)]
  const functions = [...rows, gramFunction(fused), ...eigenvectors, ...panels, expFunction(fused)]
  try {
    return { module: new WebAssembly.Module(assemble(functions, shared)), shared }
  } catch (error) {
    // An engine without these instructions, or a content security policy that forbids compiling: the plain kernel serves there.
    if (error instanceof WebAssembly.CompileError) return undefined
    throw error
  }
}
