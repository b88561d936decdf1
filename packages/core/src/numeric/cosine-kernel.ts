import { pageBytes, takeMemory } from './kernel-memory.ts'
import { kernelName } from './kernel.ts'
import { assemble } from './wasm-assembler.ts'
import { cosineFunctions } from './wasm-cosine-code.ts'

type Call = (...parts: readonly [number, number, number, number, number, number, number]) => void

/** The loops that count cosines (`wasm-cosine-code.ts`), on a memory of their own. */
export interface CosineKernel {
  readonly memory: WebAssembly.Memory
  /** What it is made of. */
  readonly module: WebAssembly.Module
  readonly packInt16: Call
  readonly setInt16: Call
  readonly addInt16: Call
  readonly binInt16: Call
  readonly settle: Call
}

const modules = new Map<boolean, WebAssembly.Module | undefined>()

/** A kernel with a memory of so many bytes, all zero, to be given back; undefined where the plain kernel runs or there is no such memory to be had. */
export function cosineKernel(bytes: number, shared: boolean): CosineKernel | undefined {
  if (kernelName() === 'plain') return undefined
  if (!modules.has(shared)) modules.set(shared, compile(shared))
  const module = modules.get(shared)
  if (module === undefined) return undefined
  const memory = takeMemory(Math.ceil(bytes / pageBytes), shared)
  if (memory === undefined) return undefined
  const { exports } = new WebAssembly.Instance(module, { kernel: { memory } })
  return { ...(exports as unknown as Omit<CosineKernel, 'memory' | 'module'>), memory, module }
}

function compile(shared: boolean): WebAssembly.Module | undefined {
  try {
    return new WebAssembly.Module(assemble(cosineFunctions(kernelName() === 'wasm-relaxed-simd'), shared))
  } catch (error) {
    // A content security policy that forbids compiling: the plain way serves there.
    if (error instanceof WebAssembly.CompileError) return undefined
    throw error
  }
}
