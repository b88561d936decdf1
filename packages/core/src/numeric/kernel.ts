import { isShared } from './kernel-memory.ts'
import { assemble } from './wasm-assembler.ts'
import { kernelFunctions } from './wasm-kernel-code.ts'

/**
 * What the matrix product and the vectorised exponential run on: WebAssembly with fused multiply-add (relaxed SIMD),
 * WebAssembly SIMD, or plain TypeScript. They agree to rounding; each alone is deterministic.
 */
export type KernelName = 'wasm-relaxed-simd' | 'wasm-simd' | 'plain'

export interface WasmKernel {
  readonly name: KernelName
  /** What it is made of. */
  readonly module: WebAssembly.Module
  readonly memory: WebAssembly.Memory
  readonly gemmFloat64: Gemm
  readonly gemmFloat32: Gemm
  readonly expFloat64: (address: number, pairs: number) => void
}

type Gemm = (
  rowPanels: number,
  columnPanels: number,
  k: number,
  a: number,
  b: number,
  c: number,
  rowStride: number,
) => void

/** 64 KiB pages of a kernel's memory: the packed blocks of one product. Fixed, so that nothing grows or leaks. */
export const kernelMemoryPages = 160
const ofFixedSize = { initial: kernelMemoryPages, maximum: kernelMemoryPages }

const modules = new Map<string, WebAssembly.Module | undefined>()
const kernels = new Map<KernelName, WasmKernel | undefined>()

/** The WebAssembly kernel of that name, compiled once; undefined for `plain` or where the engine cannot run it. */
export function wasmKernel(name: KernelName): WasmKernel | undefined {
  if (!kernels.has(name)) {
    const module = wasmModule(name)
    kernels.set(name, module && instantiate(name, module, new WebAssembly.Memory(ofFixedSize)))
  }
  return kernels.get(name)
}

/** The fastest kernel, on that memory; undefined where the plain kernel runs. */
export function wasmKernelOn(memory: WebAssembly.Memory): WasmKernel | undefined {
  const name = kernelName()
  const module = wasmModule(name, isShared(memory))
  return module && instantiate(name, module, memory)
}

/** What `wasmKernel` runs, or, `shared`, the same on memory shared by threads. */
function wasmModule(name: KernelName, shared = false): WebAssembly.Module | undefined {
  if (name === 'plain') return undefined
  const key = `${name} ${shared}`
  if (!modules.has(key)) modules.set(key, compile(name === 'wasm-relaxed-simd', shared))
  return modules.get(key)
}

function compile(fused: boolean, shared: boolean): WebAssembly.Module | undefined {
  if (typeof WebAssembly !== 'object') return undefined
  const bytes = assemble(kernelFunctions(fused), shared)
  if (!WebAssembly.validate(bytes)) return undefined
  try {
    // Under 4 KiB, which browsers allow to be compiled synchronously on the main thread.
    return new WebAssembly.Module(bytes)
  } catch (error) {
    // A content security policy without 'wasm-unsafe-eval' forbids compiling: the plain kernel serves there.
    if (error instanceof WebAssembly.CompileError) return undefined
    throw error
  }
}

function instantiate(name: KernelName, module: WebAssembly.Module, memory: WebAssembly.Memory): WasmKernel {
  const { exports } = new WebAssembly.Instance(module, { kernel: { memory } })
  return { ...(exports as unknown as Omit<WasmKernel, 'name' | 'module' | 'memory'>), name, module, memory }
}

const names: readonly KernelName[] = ['wasm-relaxed-simd', 'wasm-simd', 'plain']

function available(name: KernelName): boolean {
  return name === 'plain' || wasmKernel(name) !== undefined
}

/** The kernels this engine can run, fastest first. */
export function availableKernels(): KernelName[] {
  return names.filter(available)
}

let fastest: KernelName | undefined

/** The kernel in use where none is asked for by name: the fastest this engine can run. */
export function kernelName(): KernelName {
  fastest ??= names.find(available) ?? 'plain'
  return fastest
}
