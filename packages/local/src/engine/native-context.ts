import type { Llama, LlamaContext, LlamaModel } from 'node-llama-cpp'
import { EngineVersionError } from '../errors/engine-version-error.ts'

/** A token and its logit or weight, flattened: [token, value, token, value, ...], largest value first. */
type TokenValues = readonly number[]

interface NativeSampler {
  applyConfig(config: { temperature: number; seed: number }): void
  dispose(): void
}

/** [chosen token or −1, probabilities, confidence, logits, Σ exp(logit − largest logit)] */
type SampleResult = [number, undefined, undefined, TokenValues | undefined, number | undefined]

interface NativeBindings {
  initBatch(tokens: number): void
  addToBatch(sequence: number, position: number, tokens: Uint32Array, outputs: Uint32Array): Uint32Array
  decodeBatch(): Promise<void>
  setThreads(threads: number): void
  removeTokenCellsFromSequence(sequence: number, start: number, end: number): boolean
  disposeSequence(sequence: number): void
  sampleToken(
    output: number,
    sampler: NativeSampler,
    probabilities: false,
    confidence: false,
    logits: readonly [readonly number[], boolean, boolean, boolean, number] | false,
    totalWeight: boolean,
  ): Promise<SampleResult>
}

/** Tokens to append at `position`; `outputs` are the indexes into `tokens` whose next-token distribution is wanted. */
export interface BatchSlice {
  readonly position: number
  readonly tokens: readonly number[]
  readonly outputs: readonly number[]
}

/** What one position predicts: the logit of one token, the largest logit, and Z(τ) = Σ exp((logit − largest) / τ). */
export interface LogitSummary {
  readonly logit: number
  readonly largest: number
  readonly totals: readonly number[]
}

const readers = 16

/**
 * The one place that calls node-llama-cpp below its public interface, whose version is pinned for that reason.
 * The public `controlledEvaluate` takes one sampler setting per position, sorts the vocabulary and builds a Map for it:
 * decisions/2026-11-22-local-engine.md has the times.
 */
export class NativeContext {
  readonly contextSize: number
  readonly batchSize: number
  readonly #context: LlamaContext
  readonly #bindings: NativeBindings
  readonly #newSampler: () => NativeSampler
  readonly #readers: NativeSampler[] = []

  constructor(llama: Llama, model: LlamaModel, context: LlamaContext) {
    this.#context = context
    this.contextSize = context.contextSize
    this.batchSize = context.batchSize
    this.#bindings = member<NativeBindings>(context, '_ctx')
    for (const name of [
      'initBatch',
      'addToBatch',
      'decodeBatch',
      'sampleToken',
      'removeTokenCellsFromSequence',
    ]) {
      if (typeof Reflect.get(this.#bindings, name) !== 'function')
        throw new EngineVersionError(`context function ${name}`)
    }
    const Sampler = member<new (model: object) => NativeSampler>(
      member<object>(llama, '_bindings'),
      'AddonSampler',
    )
    const nativeModel = member<object>(model, '_model')
    this.#newSampler = () => new Sampler(nativeModel)
  }

  /** Evaluates one batch of at most `batchSize` tokens. Returns the handles of its outputs, valid until the next batch. */
  async decode({ position, tokens, outputs }: BatchSlice, threads: number): Promise<Uint32Array> {
    this.#bindings.setThreads(threads)
    this.#bindings.initBatch(tokens.length)
    const handles = this.#bindings.addToBatch(
      0,
      position,
      Uint32Array.from(tokens),
      Uint32Array.from(outputs),
    )
    await this.#bindings.decodeBatch()
    return handles
  }

  /** Forgets everything from `length` on. */
  truncate(length: number): void {
    if (length === 0) this.#bindings.disposeSequence(0)
    else this.#bindings.removeTokenCellsFromSequence(0, length, this.contextSize)
  }

  /** Summaries of several outputs of the last batch, each about its own `token`, at every temperature. */
  async summarise(
    outputs: readonly { readonly handle: number; readonly token: number }[],
    temperatures: readonly number[],
  ): Promise<LogitSummary[]> {
    const summaries: LogitSummary[] = []
    let next = 0
    const read = async (reader: number): Promise<void> => {
      for (let index = next++; index < outputs.length; index = next++) {
        const output = outputs[index]
        if (output !== undefined) summaries[index] = await this.#summarise(output, temperatures, reader)
      }
    }
    await Promise.all(Array.from({ length: Math.min(readers, outputs.length) }, (_, reader) => read(reader)))
    return summaries
  }

  async #summarise(
    output: { readonly handle: number; readonly token: number },
    temperatures: readonly number[],
    reader: number,
  ): Promise<LogitSummary> {
    const sampler = (this.#readers[reader] ??= this.#newSampler())
    // The greedy sampler leaves the logits as they are and selects the largest, which `includeSelected` reports.
    sampler.applyConfig({ temperature: 0, seed: 1 })
    const filter = [[output.token], false, false, true, 0] as const
    const [, , , values = [], total = Number.NaN] = await this.#bindings.sampleToken(
      output.handle,
      sampler,
      false,
      false,
      filter,
      true,
    )
    const totals: number[] = []
    for (const temperature of temperatures) {
      if (temperature === 1) {
        totals.push(total)
        continue
      }
      sampler.applyConfig({ temperature, seed: 1 })
      const result = await this.#bindings.sampleToken(output.handle, sampler, false, false, false, true)
      totals.push(result[4] ?? Number.NaN)
    }
    let logit = Number.NaN
    for (let index = 0; index + 1 < values.length; index += 2) {
      if (values[index] === output.token) logit = values[index + 1] ?? Number.NaN
    }
    return { logit, largest: values[1] ?? Number.NaN, totals }
  }

  /** A sampler that draws from the full vocabulary at a temperature (0: the most likely token). The caller disposes it. */
  createSampler(temperature: number, seed: number): TokenSampler {
    const sampler = this.#newSampler()
    sampler.applyConfig({ temperature, seed })
    const greedy = this.#newSampler()
    greedy.applyConfig({ temperature: 0, seed })
    return {
      draw: async (handle) =>
        (await this.#bindings.sampleToken(handle, sampler, false, false, false, true))[0],
      top: async (handle, token, count) => {
        const filter = [[token], false, false, true, count] as const
        const [, , , values = [], total = 0] = await this.#bindings.sampleToken(
          handle,
          greedy,
          false,
          false,
          filter,
          true,
        )
        return logProbabilities(values, total)
      },
      dispose: () => {
        sampler.dispose()
        greedy.dispose()
      },
    }
  }

  async dispose(): Promise<void> {
    for (const sampler of this.#readers.splice(0)) sampler.dispose()
    await this.#context.dispose()
  }
}

export interface TokenSampler {
  draw(handle: number): Promise<number>
  /** log p at temperature 1 of `token` and of the `count` likeliest tokens, likeliest first. */
  top(handle: number, token: number, count: number): Promise<Map<number, number>>
  dispose(): void
}

function logProbabilities(values: TokenValues, total: number): Map<number, number> {
  const pairs: [number, number][] = []
  let largest = Number.NEGATIVE_INFINITY
  for (let index = 0; index + 1 < values.length; index += 2) {
    const logit = values[index + 1] ?? Number.NaN
    pairs.push([values[index] ?? -1, logit])
    if (logit > largest) largest = logit
  }
  pairs.sort((a, b) => b[1] - a[1])
  return new Map(pairs.map(([token, logit]) => [token, logit - largest - Math.log(total)]))
}

function member<T>(owner: object, name: string): T {
  const value: unknown = Reflect.get(owner, name)
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null)
    throw new EngineVersionError(`member ${name}`)
  return value as T
}
