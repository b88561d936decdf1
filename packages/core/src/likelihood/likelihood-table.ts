import { LikelihoodTableError } from '../errors/likelihood-table-error.ts'

/** What every entry of one table was computed with: entries of other settings are not comparable. */
export interface LikelihoodHeader {
  readonly scorer: string
  readonly template: string
  /** Ascending, all > 0. */
  readonly temperatures: readonly number[]
}

/**
 * log p^τ(y | persona, exemplar, x) of one item (x, y) under one component, named by content digests:
 * an entry stays valid in another population that contains the same texts.
 */
export interface LikelihoodEntry {
  readonly item: string
  readonly component: string
  /** Nats, one per temperature of the header. */
  readonly logLikelihoods: readonly number[]
  /** Tokens of the response, the end of the answer included. */
  readonly tokens: number
}

const COMPONENT_BITS = 2 ** 26

/**
 * The sparse table of log-likelihoods. The language model is frozen, so an entry never changes: it is
 * computed once, kept for ever, and passed to `onEntry` the moment it is added.
 */
export class LikelihoodTable {
  readonly header: LikelihoodHeader
  readonly #onEntry: ((entry: LikelihoodEntry) => void) | undefined
  readonly #items = new Map<string, number>()
  readonly #components = new Map<string, number>()
  readonly #rows = new Map<number, number>()
  #itemOfRow = new Int32Array(1024)
  #componentOfRow = new Int32Array(1024)
  #tokens = new Int32Array(1024)
  #values: Float64Array
  #size = 0

  constructor(header: LikelihoodHeader, onEntry?: (entry: LikelihoodEntry) => void) {
    const { temperatures } = header
    const ascending = temperatures.every(
      (temperature, t) =>
        Number.isFinite(temperature) && temperature > (t === 0 ? 0 : (temperatures[t - 1] ?? Infinity)),
    )
    if (temperatures.length === 0 || !ascending) {
      throw new LikelihoodTableError({
        field: 'temperatures',
        message: `Temperatures must be finite, positive and ascending; found [${temperatures.join(', ')}].`,
        remedy: 'Give for example [0.5, 0.7, 1, 1.4].',
      })
    }
    this.header = header
    this.#onEntry = onEntry
    this.#values = new Float64Array(1024 * temperatures.length)
  }

  /** Entries held. */
  get size(): number {
    return this.#size
  }

  has(item: string, component: string): boolean {
    return this.#rowOf(item, component) !== undefined
  }

  /** The entry's log-likelihoods, a view that must not be written to, or undefined. */
  logLikelihoods(item: string, component: string): Float64Array | undefined {
    const row = this.#rowOf(item, component)
    if (row === undefined) return undefined
    const width = this.header.temperatures.length
    return this.#values.subarray(row * width, (row + 1) * width)
  }

  tokens(item: string, component: string): number | undefined {
    const row = this.#rowOf(item, component)
    return row === undefined ? undefined : this.#tokens[row]
  }

  /**
   * Adds one entry. Adding the same entry again is a no-op and is not passed to `onEntry`.
   * @throws LikelihoodTableError on a wrong number of values or on NaN or positive infinity.
   */
  add(entry: LikelihoodEntry): void {
    const width = this.header.temperatures.length
    const { item, component, logLikelihoods, tokens } = entry
    if (logLikelihoods.length !== width || logLikelihoods.some((v) => Number.isNaN(v) || v === Infinity)) {
      throw new LikelihoodTableError({
        field: 'logLikelihoods',
        message: `Item ${item} under component ${component}: expected ${width} log-likelihoods below +Infinity, found [${logLikelihoods.join(', ')}].`,
        remedy: 'The scorer returned something that is no log-probability; probe it before fitting.',
      })
    }
    const key = this.#intern(this.#items, item) * COMPONENT_BITS + this.#intern(this.#components, component)
    if (this.#rows.has(key)) return
    if (this.#size === this.#tokens.length) this.#grow()
    const row = this.#size
    this.#itemOfRow[row] = Math.floor(key / COMPONENT_BITS)
    this.#componentOfRow[row] = key % COMPONENT_BITS
    this.#tokens[row] = tokens
    this.#values.set(logLikelihoods, row * width)
    this.#rows.set(key, row)
    this.#size += 1
    this.#onEntry?.(entry)
  }

  /**
   * Takes over every entry of a table with the same header.
   * @throws LikelihoodTableError where scorer, template or temperatures differ.
   */
  merge(other: LikelihoodTable): void {
    assertSameHeader(this.header, other.header)
    for (const entry of other.entries()) this.add(entry)
  }

  /** All entries in the order in which they were added. */
  *entries(): Generator<LikelihoodEntry> {
    const items = [...this.#items.keys()]
    const components = [...this.#components.keys()]
    const width = this.header.temperatures.length
    for (let row = 0; row < this.#size; row += 1) {
      yield {
        item: items[this.#itemOfRow[row] ?? -1] ?? '',
        component: components[this.#componentOfRow[row] ?? -1] ?? '',
        logLikelihoods: [...this.#values.subarray(row * width, (row + 1) * width)],
        tokens: this.#tokens[row] ?? 0,
      }
    }
  }

  #rowOf(item: string, component: string): number | undefined {
    const itemIndex = this.#items.get(item)
    const componentIndex = this.#components.get(component)
    if (itemIndex === undefined || componentIndex === undefined) return undefined
    return this.#rows.get(itemIndex * COMPONENT_BITS + componentIndex)
  }

  #intern(names: Map<string, number>, name: string): number {
    const known = names.get(name)
    if (known !== undefined) return known
    names.set(name, names.size)
    return names.size - 1
  }

  #grow(): void {
    const grown = <T extends Int32Array | Float64Array>(old: T, next: T): T => {
      next.set(old)
      return next
    }
    const rows = this.#tokens.length * 2
    this.#itemOfRow = grown(this.#itemOfRow, new Int32Array(rows))
    this.#componentOfRow = grown(this.#componentOfRow, new Int32Array(rows))
    this.#tokens = grown(this.#tokens, new Int32Array(rows))
    this.#values = grown(this.#values, new Float64Array(rows * this.header.temperatures.length))
  }
}

/** @throws LikelihoodTableError naming the first field in which the headers differ. */
export function assertSameHeader(expected: LikelihoodHeader, found: LikelihoodHeader): void {
  for (const field of ['scorer', 'template', 'temperatures'] as const) {
    const wanted = JSON.stringify(expected[field])
    const got = JSON.stringify(found[field])
    if (wanted !== got) {
      throw new LikelihoodTableError({
        field,
        message: `These likelihoods were computed with another ${field}: expected ${wanted}, found ${got}.`,
        remedy: `Use the \`${field}\` they were computed with, or another \`table\`; mixing them would compare unlike numbers.`,
      })
    }
  }
}
