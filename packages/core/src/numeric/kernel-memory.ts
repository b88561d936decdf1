export const pageBytes = 65_536
/** Most pages of a kernel that holds packed rows: 1 GiB. */
const mostPages = 16_384

/** Given back, to be taken again: as many as were ever in use at once, nearly always one. */
const idle: WebAssembly.Memory[] = []

/** Whether threads can share it. */
export function isShared({ buffer }: WebAssembly.Memory): boolean {
  return typeof SharedArrayBuffer === 'function' && buffer instanceof SharedArrayBuffer
}

/** A memory of so many pages, all zero; undefined where there is no such memory to be had. */
export function newMemory(pages: number, shared: boolean): WebAssembly.Memory | undefined {
  if (pages > mostPages) return undefined
  return unlessOutOfMemory(
    () => new WebAssembly.Memory({ initial: pages, maximum: shared ? mostPages : pages, shared }),
  )
}

/**
 * The same, with at least so many pages. One that threads share must be given back after its last use: an engine does not count it, and so lets
 * go of it late, and in a thread that sleeps never. It grows to the largest that was asked for, and stays.
 */
export function takeMemory(pages: number, shared: boolean): WebAssembly.Memory | undefined {
  const taken = shared && pages <= mostPages ? idle.pop() : undefined
  if (taken === undefined) return newMemory(pages, shared)
  const missing = pages - taken.buffer.byteLength / pageBytes
  if (missing > 0 && unlessOutOfMemory(() => taken.grow(missing)) === undefined) {
    idle.push(taken)
    return undefined
  }
  new Uint8Array(taken.buffer, 0, pages * pageBytes).fill(0)
  return taken
}

/** Of no effect for a memory that threads do not share, or one given back already. */
export function giveBack(memory: WebAssembly.Memory): void {
  if (isShared(memory) && !idle.includes(memory)) idle.push(memory)
}

function unlessOutOfMemory<Result>(make: () => Result): Result | undefined {
  try {
    return make()
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}
