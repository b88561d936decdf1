import { isShared } from './kernel-memory.ts'
import { kernelName, type WasmKernel } from './kernel.ts'

type Loop = (...parts: Parameters<WasmKernel['gemmFloat64']>) => void

/** A call of one of the loops below on the kernel's memory: which, and its arguments, of which some loops leave the last. */
export type KernelCall = readonly [loop: number, ...Parameters<Loop>]
/** The loops that jobs are made of: `loopOf` names them by place. */
const loops = [
  'gemmFloat64',
  'gemmFloat32',
  'gram',
  'packInt16',
  'setInt16',
  'addInt16',
  'binInt16',
  'settle',
] as const

/** The place of a loop in a `KernelCall`. */
export function loopOf(name: (typeof loops)[number]): number {
  return loops.indexOf(name)
}

/** Those that are called, and the memory they work on. */
type Loops = { readonly [name in (typeof loops)[number]]?: Loop }
type LoopKernel = Loops & { readonly memory: WebAssembly.Memory; readonly module: WebAssembly.Module }

/** Calls on a kernel with shared memory, done by whichever of two threads is free. */
export interface SharedCalls {
  /** Lets the second thread begin. A job is at most 9 calls in their order, no job writes where another reads or writes; at most 64 jobs. */
  readonly begin: (jobs: readonly (readonly KernelCall[])[]) => void
  /** Does what the second thread has not begun, and waits for the rest. Must follow each `begin`. */
  readonly finish: () => void
  /** Lets the second thread forget the memory, unless it is to be kept. */
  readonly end: () => void
}

/** The parts of Node's modules that are needed: core is free of Node's types. */
interface Threads {
  readonly Worker: new (code: string, options: object) => ThreadWorker
  readonly MessageChannel: new () => { readonly port1: Port; readonly port2: Port }
}
interface ThreadWorker {
  on(event: 'error', listener: () => void): void
  unref(): void
}
interface Port {
  postMessage(message: unknown): void
  unref(): void
}

interface SecondThread {
  readonly control: Int32Array
  readonly port: Port
  kernels: number
  /** What it works on, or would. */
  memory: WebAssembly.Memory | undefined
  busy: boolean
}

// Places in the control words. Jobs are numbered for ever: `next` is the first that nobody has begun, `limit` the first that is not there.
const [wake, next, limit, done, kernelOf, asleep] = [0, 1, 2, 3, 4, 5]
const header = 8
const callLength = 1 + 7
export const callsAtMost = 9
export const jobsAtMost = 64
const wordsOfJob: number = 1 + callsAtMost * callLength
/** Looks for a job, some tens of microseconds, before the second thread sleeps: to wake it costs as much. */
const looks = 20_000
/** Milliseconds without a sign of life of the second thread after which waiting for it is given up. */
const patience = 60_000

/** What the second thread runs: no closure, no import. It sleeps until it is woken, and claims jobs while there are any. */
const code = `
const { workerData, receiveMessageOnPort } = require('node:worker_threads')
const { control, port, loops } = workerData
const [wake, next, limit, done, kernelOf, asleep] = [0, 1, 2, 3, 4, 5]
let exported, id = 0
function receive() {
  for (let received; (received = receiveMessageOnPort(port)) !== undefined; ) {
    const { memory, module } = received.message
    id = received.message.id
    exported = memory && new WebAssembly.Instance(module, { kernel: { memory } }).exports
  }
}
for (;;) {
  const seen = Atomics.load(control, wake)
  receive()
  for (let job; (job = Atomics.load(control, next)) < Atomics.load(control, limit); ) {
    if (Atomics.compareExchange(control, next, job, job + 1) !== job) continue
    if (id !== Atomics.load(control, kernelOf)) receive()
    let at = ${header} + (job % ${jobsAtMost}) * ${wordsOfJob}
    for (let calls = control[at++]; calls > 0; calls--, at += ${callLength})
      exported[loops[control[at]]](...control.subarray(at + 1, at + ${callLength}))
    Atomics.add(control, done, 1)
    Atomics.notify(control, done)
  }
  for (let look = 0; look < ${looks} && Atomics.load(control, wake) === seen; ) look++
  Atomics.store(control, asleep, 1)
  Atomics.wait(control, wake, seen)
  Atomics.store(control, asleep, 0)
}`

let started: SecondThread | false | undefined

/** Whether memory can be shared with a second thread; the first to ask starts it. It is started once, and keeps no process alive. */
export function canShare(): boolean {
  started ??= kernelName() === 'plain' ? false : (start() ?? false)
  return started !== false
}

/**
 * Calls on a kernel, until `end`; with the second thread's help where the memory is shared and the thread has nothing else to do.
 *
 * @param keep whether the second thread keeps the memory after `end`, for a kernel that is used again and again. Default false.
 */
export function callsOn(kernel: LoopKernel, keep = false): SharedCalls {
  const idle = started !== undefined && started !== false && !started.busy
  return idle && isShared(kernel.memory) ? callsWith(kernel, keep, started as SecondThread) : ownCalls(kernel)
}

function start(): SecondThread | undefined {
  const { process } = globalThis as { process?: { getBuiltinModule?: (name: string) => unknown } }
  if (process?.getBuiltinModule === undefined) return undefined
  try {
    const system = process.getBuiltinModule('node:os') as { availableParallelism(): number }
    if (system.availableParallelism() < 2) return undefined
    const { Worker, MessageChannel } = process.getBuiltinModule('node:worker_threads') as Threads
    const control = new Int32Array(new SharedArrayBuffer(4 * (header + jobsAtMost * wordsOfJob)))
    // Where a thread may not wait, this throws.
    Atomics.wait(control, wake, 1, 0)
    const { port1, port2 } = new MessageChannel()
    const worker = new Worker(code, {
      eval: true,
      execArgv: [],
      workerData: { control, port: port2, loops },
      transferList: [port2],
    })
    // It cannot do anything that we would not do without it.
    worker.on('error', () => (started = false))
    worker.unref()
    port1.unref()
    return { control, port: port1, kernels: 0, memory: undefined, busy: false }
  } catch {
    // Threads may be forbidden (Node's permissions, another runtime): one thread does it all.
    return undefined
  }
}

/** The same on shared memory with a second thread. */
function callsWith(kernel: LoopKernel, keep: boolean, thread: SecondThread): SharedCalls {
  const { control, port } = thread
  const send = (memory: WebAssembly.Memory | undefined): void => {
    const id = ++thread.kernels
    port.postMessage({ id, memory, module: kernel.module })
    thread.memory = memory
    Atomics.store(control, kernelOf, id)
    signal(control)
  }
  thread.busy = true
  // Nothing is under way here: the numbers of jobs may begin anew, the limit first.
  if (Atomics.load(control, limit) > 2 ** 30)
    for (const place of [limit, next, done]) Atomics.store(control, place, 0)
  if (thread.memory !== kernel.memory) send(kernel.memory)
  return {
    begin(jobs) {
      const first = Atomics.load(control, limit)
      for (const [index, calls] of jobs.entries()) {
        const at = header + ((first + index) % jobsAtMost) * wordsOfJob
        control.set([calls.length, ...calls.flat()], at)
      }
      Atomics.store(control, limit, first + jobs.length)
      signal(control)
    },
    finish() {
      for (let job = claim(control); job >= 0; job = claim(control)) {
        let at = header + (job % jobsAtMost) * wordsOfJob
        for (let calls = control[at++] as number; calls > 0; calls--, at += callLength) {
          call(kernel, control.subarray(at, at + callLength) as unknown as KernelCall)
        }
        Atomics.add(control, done, 1)
      }
      const all = Atomics.load(control, limit)
      for (let ready = Atomics.load(control, done); ready < all; ready = Atomics.load(control, done)) {
        if (Atomics.wait(control, done, ready, patience) === 'timed-out')
          throw new Error('the second thread of the matrix kernel does not answer')
      }
    },
    end() {
      if (!keep) send(undefined)
      thread.busy = false
    },
  }
}

/** The same without a second thread. */
export function ownCalls(kernel: Loops): SharedCalls {
  let begun: readonly (readonly KernelCall[])[] = []
  return {
    begin(jobs) {
      begun = jobs
    },
    finish() {
      for (const calls of begun) for (const one of calls) call(kernel, one)
      begun = []
    },
    end() {},
  }
}

function signal(control: Int32Array): void {
  Atomics.add(control, wake, 1)
  if (Atomics.load(control, asleep) === 1) Atomics.notify(control, wake)
}

/** The number of a job nobody has begun, now begun by the caller; −1 where there is none. */
function claim(control: Int32Array): number {
  for (;;) {
    const job = Atomics.load(control, next)
    if (job >= Atomics.load(control, limit)) return -1
    if (Atomics.compareExchange(control, next, job, job + 1) === job) return job
  }
}

function call(kernel: Loops, [loop, ...parts]: KernelCall): void {
  const run = kernel[loops[loop] as keyof Loops] as Loop
  run(...parts)
}
