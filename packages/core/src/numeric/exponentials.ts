import { type KernelName, kernelName, wasmKernel } from './kernel.ts'

/** Values at a time: they stay in cache. */
const chunk = 32_768

/**
 * Replaces values[start..end) by their exponentials, to within two units in the last place. Meant for values ≤ 0 (a softmax's
 * shifted logits): below −708 the result is 0, never a denormal number; values must not exceed 709. NaN stays NaN.
 */
export function exponentials(
  values: Float64Array,
  start = 0,
  end: number = values.length,
  kernel: KernelName = kernelName(),
): void {
  const wasm = wasmKernel(kernel)
  if (wasm === undefined) {
    for (let index = start; index < end; index++) {
      const value = values[index] as number
      values[index] = value < -708 ? 0 : Math.exp(value)
    }
    return
  }
  const memory = new Float64Array(wasm.memory.buffer)
  for (let from = start; from < end; from += chunk) {
    const count = Math.min(chunk, end - from)
    memory.set(values.subarray(from, from + count))
    if (count % 2 === 1) memory[count] = 0
    wasm.expFloat64(0, Math.ceil(count / 2))
    values.set(memory.subarray(0, count), from)
  }
}
