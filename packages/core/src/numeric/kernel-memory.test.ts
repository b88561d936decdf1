import { describe, expect, test } from 'vitest'
import { countCosines } from './cosine-bins.ts'
import { packRows } from './gemm-packed.ts'
import { giveBack, pageBytes, takeMemory } from './kernel-memory.ts'
import { kernelName } from './kernel.ts'
import { canShare } from './second-thread.ts'
import { symmetricKernel } from './symmetric-kernel.ts'

/** How many memories are made meanwhile. */
function madeBy(act: () => void): number {
  const { Memory } = WebAssembly
  let made = 0
  WebAssembly.Memory = new Proxy(Memory, {
    construct(target, parts) {
      made++
      return Reflect.construct(target, parts) as WebAssembly.Memory
    },
  })
  try {
    act()
  } finally {
    WebAssembly.Memory = Memory
  }
  return made
}

describe.skipIf(kernelName() === 'plain')('memory that threads share', () => {
  test('is taken again, larger and all zero, when it was given back', () => {
    const memory = takeMemory(2, true) as WebAssembly.Memory
    expect(takeMemory(2, true)).not.toBe(memory)
    new Uint8Array(memory.buffer).fill(1)
    giveBack(memory)
    giveBack(memory)
    const again = takeMemory(5, true) as WebAssembly.Memory
    expect(again).toBe(memory)
    expect(again.buffer.byteLength).toBeGreaterThanOrEqual(5 * pageBytes)
    expect(new Uint8Array(again.buffer).every((byte) => byte === 0)).toBe(true)
    expect(takeMemory(5, true)).not.toBe(memory)
    expect(takeMemory(16_385, true)).toBeUndefined()
  })

  test.skipIf(!canShare())('is one for all counts of cosines and all packed rows', () => {
    const rows = { rows: 40, columns: 20, data: Float64Array.from({ length: 800 }, (_, at) => Math.sin(at)) }
    const once = (): void => {
      const options = { bins: 9, exactBin: () => 0, shared: true }
      expect(countCosines(rows, new Float64Array(40).fill(4), options)).toBeDefined()
      const stop = () => {
        throw new Error('enough')
      }
      expect(() => countCosines(rows, new Float64Array(40).fill(4), { ...options, keep: stop })).toThrow(
        'enough',
      )
      const packed = packRows(rows, 40, true)
      packed?.forEachProducts(rows, () => {
        // Its memory is in use: this count takes another.
        countCosines(rows, new Float64Array(40).fill(4), options)
      })
      packed?.end()
    }
    once()
    expect(madeBy(() => [1, 2, 3].forEach(once))).toBe(0)
  })

  test('is one for all large matrices whose products are shared, and the memory of others can be let go of', () => {
    const made = madeBy(() => {
      for (const length of [6e6, 7e6, 6e6]) {
        const { values, shared } = symmetricKernel(kernelName(), length, true)
        expect(shared).toBeDefined()
        expect(values.length).toBeGreaterThanOrEqual(length)
      }
    })
    expect(made).toBe(1)
    expect(symmetricKernel(kernelName(), 8e6).values.buffer).toBeInstanceOf(ArrayBuffer)
  })
})
