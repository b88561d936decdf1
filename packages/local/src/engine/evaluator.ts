import type { Token } from 'node-llama-cpp'
import type { PromptSegments } from './chat-format.ts'
import type { NativeContext, TokenSampler } from './native-context.ts'

/**
 * The state of the context: the segments whose keys and values are resident.
 * A prefix is always computed by the same batches, segment by segment, whether it was resident or not, so
 * what follows it does not depend on what was evaluated before.
 */
export class Evaluator {
  readonly #context: NativeContext
  #resident: (readonly Token[])[] = []
  #length = 0
  /** Tokens that the model really evaluated, ever. */
  evaluatedTokens = 0

  constructor(context: NativeContext) {
    this.#context = context
  }

  /** Makes exactly these segments resident, computing those that are not. */
  async advance(segments: PromptSegments, threads: number): Promise<void> {
    let shared = 0
    while (shared < segments.length && sameTokens(segments[shared], this.#resident[shared])) shared++
    const resident = segments.slice(0, shared)
    const length = resident.reduce((sum, segment) => sum + segment.length, 0)
    if (length !== this.#length) this.#context.truncate(length)
    this.#resident = resident
    this.#length = length
    for (const segment of segments.slice(shared)) {
      await this.#append(segment, threads, 'none', () => undefined)
      this.#resident.push(segment)
    }
  }

  /**
   * Evaluates `tail` after the resident segments and reads log p^τ of each target (target i follows tail token i):
   * one row per temperature.
   * The tail does not stay resident.
   */
  async score(
    tail: readonly Token[],
    targets: readonly Token[],
    temperatures: readonly number[],
    threads: number,
  ): Promise<Float64Array[]> {
    const start = this.#length
    const values = temperatures.map(() => new Float64Array(targets.length))
    await this.#append(tail, threads, 'all', async (handles, first) => {
      const wanted = [...handles].map((handle, index) => ({
        handle,
        token: targets[first + index] as number,
      }))
      const summaries = await this.#context.summarise(wanted, temperatures)
      for (const [index, summary] of summaries.entries()) {
        for (const [grid, temperature] of temperatures.entries()) {
          const difference = (summary.logit - summary.largest) / temperature
          const row = values[grid]
          if (row !== undefined)
            row[first + index] = difference - Math.log(summary.totals[grid] ?? Number.NaN)
        }
      }
    })
    this.#forget(start)
    return values
  }

  /**
   * Evaluates `tail` after the resident segments and reads, for each target, log p at temperature 1 of it and of the
   * `top` likeliest tokens, likeliest first. The tail does not stay resident.
   */
  async rank(
    tail: readonly Token[],
    targets: readonly Token[],
    top: number,
    threads: number,
  ): Promise<ReadonlyMap<number, number>[]> {
    const start = this.#length
    const ranked: ReadonlyMap<number, number>[] = []
    const sampler = this.createSampler(0, 1)
    try {
      await this.#append(tail, threads, 'all', async (handles, first) => {
        for (const [index, handle] of handles.entries()) {
          ranked.push(await sampler.top(handle, targets[first + index] as number, top))
        }
      })
    } finally {
      sampler.dispose()
    }
    this.#forget(start)
    return ranked
  }

  /** Evaluates tokens that stay until `endGeneration` and returns the handle of the last one's distribution. */
  async step(tokens: readonly Token[], threads: number): Promise<number> {
    let last = -1
    await this.#append(tokens, threads, 'last', (handles) => void (last = handles.at(-1) ?? -1))
    return last
  }

  /** Forgets what came after the resident segments. */
  endGeneration(): void {
    this.#forget(this.#resident.reduce((sum, segment) => sum + segment.length, 0))
  }

  createSampler(temperature: number, seed: number): TokenSampler {
    return this.#context.createSampler(temperature, seed)
  }

  async #append(
    tokens: readonly Token[],
    threads: number,
    outputs: 'last' | 'all' | 'none',
    read: (handles: Uint32Array, first: number) => void | Promise<void>,
  ): Promise<void> {
    try {
      for (let first = 0; first < tokens.length; first += this.#context.batchSize) {
        const batch = tokens.slice(first, first + this.#context.batchSize)
        const ends = first + batch.length === tokens.length
        const wanted =
          outputs === 'all'
            ? batch.map((_, index) => index)
            : outputs === 'last' && ends
              ? [batch.length - 1]
              : []
        const slice = { position: this.#length, tokens: batch, outputs: wanted }
        const handles = await this.#context.decode(slice, threads)
        this.#length += batch.length
        this.evaluatedTokens += batch.length
        if (wanted.length > 0) await read(handles, first)
      }
    } catch (error) {
      this.#context.truncate(0)
      this.#resident = []
      this.#length = 0
      throw error
    }
  }

  #forget(length: number): void {
    if (length === this.#length) return
    this.#context.truncate(length)
    this.#length = length
  }
}

function sameTokens(a: readonly Token[] | undefined, b: readonly Token[] | undefined): boolean {
  return (
    a !== undefined &&
    b !== undefined &&
    a.length === b.length &&
    a.every((token, index) => token === b[index])
  )
}
