import { assemble } from './wasm-assembler.ts'
import { expFunction, gemmFunction } from './wasm-kernel-code.ts'

/**
 * What the matrix product and the vectorised exponential run on: WebAssembly with fused multiply-add (relaxed SIMD),
 * WebAssembly SIMD, or plain TypeScript. They agree to rounding; each alone is deterministic.
 */
export type KernelName = 'wasm-relaxed-simd' | 'wasm-simd' | 'plain'

export interface WasmKernel {
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

/** Bytes of a kernel's memory: the packed blocks of one product. Fixed, so that nothing grows or leaks. */
export const kernelMemoryBytes: number = 64 * 65536

const compiled = new Map<KernelName, WasmKernel | undefined>()

/** The WebAssembly kernel of that name, compiled once; undefined for `plain` or where the engine cannot run it. */
export function wasmKernel(name: KernelName): WasmKernel | undefined {
  if (!compiled.has(name))
    compiled.set(name, name === 'plain' ? undefined : compile(name === 'wasm-relaxed-simd'))
  return compiled.get(name)
}

function compile(fused: boolean): WasmKernel | undefined {
  if (typeof WebAssembly !== 'object') return undefined
  const bytes = assemble(
    [gemmFunction('float64', fused), gemmFunction('float32', fused), expFunction(fused)],
    kernelMemoryBytes / 65536,
  )
  if (!WebAssembly.validate(bytes)) return undefined
  try {
    // Under 4 KiB, which browsers allow to be compiled synchronously on the main thread.
    const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes))
    return instance.exports as unknown as WasmKernel
  } catch (error) {
    // A content security policy without 'wasm-unsafe-eval' forbids compiling: the plain kernel serves there.
    if (error instanceof WebAssembly.CompileError) return undefined
    throw error
  }
}

/** The kernels this engine can run, fastest first. */
export function availableKernels(): KernelName[] {
  const names: KernelName[] = ['wasm-relaxed-simd', 'wasm-simd', 'plain']
  return names.filter((name) => name === 'plain' || wasmKernel(name) !== undefined)
}

let fastest: KernelName | undefined

/** The kernel in use where none is asked for by name: the fastest this engine can run. */
export function kernelName(): KernelName {
  fastest ??= availableKernels()[0] ?? 'plain'
  return fastest
}
