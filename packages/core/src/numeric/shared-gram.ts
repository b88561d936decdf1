import { MopError } from '../errors/mop-error.ts'
import type { KernelName } from './kernel.ts'
import { type SymmetricKernel, symmetricFunctions, symmetricModule } from './symmetric-kernel.ts'

/** The six numbers of each of several calls of `gram`, which run in this order. */
export type GramCalls = Int32Array

/** A kernel on a memory that a second thread shares. */
export interface SharedSymmetricKernel extends SymmetricKernel {
  /** Makes all calls, those of one group in order, groups on either thread. No two groups may write to the same place. */
  readonly runGroups: (groups: readonly GramCalls[]) => void
}

const pageBytes = 65536
/** 128 MiB: what is larger is not shared. Pages are taken as they are used, and kept. */
const mostPages = 2048

/** Where in `control` the counters lie; behind them the bounds of each group, then the calls. */
const [signalAt, nextAt, limitAt, doneAt] = [0, 1, 2, 3]
const boundsAt = 4
/** A power of two: groups are numbered through, and find their bounds by their last bits. */
const mostGroups = 64
const callsAt = boundsAt + 2 * mostGroups
const controlLength = 2 ** 18

/** A group takes milliseconds; a thread that is silent for so long is gone. */
const patience = 60_000

/** The same loop as `takeGroups`, then a nap until there is more. */
const source = `
const { module, memory, control } = require('node:worker_threads').workerData
const { gram } = new WebAssembly.Instance(module, { kernel: { memory } }).exports
for (;;) {
  const signal = Atomics.load(control, ${signalAt})
  for (;;) {
    const group = Atomics.load(control, ${nextAt})
    if (group === Atomics.load(control, ${limitAt})) break
    if (Atomics.compareExchange(control, ${nextAt}, group, (group + 1) | 0) !== group) continue
    const bounds = ${boundsAt} + 2 * (group & ${mostGroups - 1})
    for (let at = control[bounds]; at < control[bounds + 1]; at += 6) {
      gram(control[at], control[at + 1], control[at + 2], control[at + 3], control[at + 4], control[at + 5])
    }
    Atomics.add(control, ${doneAt}, 1)
    Atomics.notify(control, ${doneAt})
  }
  Atomics.wait(control, ${signalAt}, signal)
}`

interface Shared {
  readonly memory: WebAssembly.Memory
  readonly functions: Omit<SymmetricKernel, 'values'>
  readonly control: Int32Array<SharedArrayBuffer>
}

const started = new Map<KernelName, Shared | undefined>()

/**
 * A kernel with room for `length` float64 whose products a second thread helps with; undefined outside Node, where there is one core, and
 * where what is asked for is too large. The thread is started once, sleeps between calls and keeps no process alive.
 */
export function sharedSymmetricKernel(name: KernelName, length: number): SharedSymmetricKernel | undefined {
  const pages = Math.ceil((length * 8) / pageBytes)
  if (pages > mostPages) return undefined
  if (!started.has(name)) started.set(name, start(name))
  const shared = started.get(name)
  if (shared === undefined) return undefined
  const { memory, functions, control } = shared
  const missing = pages - memory.buffer.byteLength / pageBytes
  if (missing > 0) memory.grow(missing)
  return {
    ...functions,
    values: new Float64Array(memory.buffer),
    runGroups: (groups) => {
      if (runGroups(control, functions.gram, groups)) return
      started.set(name, undefined)
      throw new MopError({
        code: 'second-thread-lost',
        message: `The second thread has not finished its part of a matrix product in ${patience / 1000} s.`,
      })
    },
  }
}

function start(name: KernelName): Shared | undefined {
  // Looked up at run time: a bundle for a browser holds no import of Node's.
  const builtin = typeof process === 'object' ? process.getBuiltinModule : undefined
  if (typeof builtin !== 'function' || builtin('node:os').availableParallelism() < 2) return undefined
  const made = symmetricModule(name)
  if (made === undefined || !made.shared) return undefined
  const { module } = made
  const memory = new WebAssembly.Memory({ initial: 1, maximum: mostPages, shared: true })
  const control = new Int32Array(new SharedArrayBuffer(4 * controlLength))
  const { Worker } = builtin('node:worker_threads')
  try {
    const worker = new Worker(source, { eval: true, execArgv: [], workerData: { module, memory, control } })
    // It has no part in anything but `gram`: what it leaves undone shows there.
    worker.on('error', () => started.set(name, undefined))
    worker.unref()
  } catch (error) {
    // Node's permission model may forbid threads.
    if (error instanceof Error && 'code' in error && error.code === 'ERR_ACCESS_DENIED') return undefined
    throw error
  }
  return { memory, functions: symmetricFunctions(module, memory), control }
}

/** Returns false where the other thread does not finish what it took. */
function runGroups(
  control: Int32Array<SharedArrayBuffer>,
  gram: SymmetricKernel['gram'],
  groups: readonly GramCalls[],
): boolean {
  const first = Atomics.load(control, limitAt)
  let at = callsAt
  for (const [index, calls] of groups.entries()) {
    const bounds = boundsAt + 2 * ((first + index) & (mostGroups - 1))
    control.set(calls, at)
    control[bounds] = at
    at += calls.length
    control[bounds + 1] = at
  }
  const limit = (first + groups.length) | 0
  Atomics.store(control, limitAt, limit)
  Atomics.add(control, signalAt, 1)
  Atomics.notify(control, signalAt)
  takeGroups(control, gram)
  for (let done = Atomics.load(control, doneAt); done !== limit; done = Atomics.load(control, doneAt)) {
    if (Atomics.wait(control, doneAt, done, patience) === 'timed-out') return false
  }
  return true
}

function takeGroups(control: Int32Array<SharedArrayBuffer>, gram: SymmetricKernel['gram']): void {
  for (;;) {
    const group = Atomics.load(control, nextAt)
    if (group === Atomics.load(control, limitAt)) return
    if (Atomics.compareExchange(control, nextAt, group, (group + 1) | 0) !== group) continue
    const bounds = boundsAt + 2 * (group & (mostGroups - 1))
    runCalls(gram, control.subarray(control[bounds] as number, control[bounds + 1] as number))
    Atomics.add(control, doneAt, 1)
  }
}

/** One after the other, on this thread. */
export function runCalls(gram: SymmetricKernel['gram'], calls: GramCalls): void {
  for (let at = 0; at < calls.length; at += 6) {
    gram(
      calls[at] as number,
      calls[at + 1] as number,
      calls[at + 2] as number,
      calls[at + 3] as number,
      calls[at + 4] as number,
      calls[at + 5] as number,
    )
  }
}

/** Whether `groups` groups of `calls` calls in all can be handed over at once. */
export function fitsSecondThread(groups: number, calls: number): boolean {
  return groups <= mostGroups && callsAt + 6 * calls <= controlLength
}
