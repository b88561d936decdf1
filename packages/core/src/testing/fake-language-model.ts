import type { ChatMessage } from '../ports/chat-message.ts'

/** The end of the answer, a symbol like the characters. */
export const endSymbol = -1
const startSymbol = -2

/** Unicode scalar values, and the end. */
export const vocabularySize: number = 0x110000 - 0x800 + 1

const letters = new Set([...'abcdefghijklmnopqrstuvwxyz '].map(symbolOf))
const printable = [...Array.from({ length: 95 }, (_, index) => 32 + index), 10]
const listed = [endSymbol, ...printable]
const unlisted = vocabularySize - listed.length

/** p(symbol) without a prompt: mostly letters, some of everything else in Unicode. Sums to one over the vocabulary. */
function baseProbability(symbol: number): number {
  if (symbol === endSymbol) return 0.04
  if (letters.has(symbol)) return 0.75 / letters.size
  if (symbol === 10 || (symbol >= 32 && symbol < 127)) return 0.2 / (printable.length - letters.size)
  return 0.01 / unlisted
}

interface Counts {
  readonly bySymbol: Map<number, number>
  total: number
}

/** What a turn adds to the counts: exemplars' answers most, then the persona. */
const weightOfRole = { system: 1, user: 0.25, assistant: 2 } as const
/** Pseudo-counts by which each order leans on the one below. */
const priors = [20, 2, 1] as const

/**
 * A language model small enough to be exact: character trigrams of the prompt, each order leaning on the one
 * below by a Dirichlet prior (MacKay and Peto 1995), down to a fixed distribution over all of Unicode and the
 * end of the answer. Its probabilities are real ones: they sum to one, at every temperature.
 */
export class FakeLanguageModel {
  readonly #orders: readonly Map<string, Counts>[] = [new Map(), new Map(), new Map()]
  readonly #symbols = new Set<number>(listed)
  readonly #prefix: readonly number[]
  readonly promptTokens: number

  /** A final assistant message is the beginning of the answer, not an example of one. */
  constructor(messages: readonly ChatMessage[]) {
    const last = messages.at(-1)
    const open = last?.role === 'assistant'
    this.#prefix = open ? symbolsOf(last.content) : []
    let promptTokens = 0
    for (const [index, { role, content }] of messages.entries()) {
      const symbols = symbolsOf(content)
      promptTokens += symbols.length + 1
      if (open && index === messages.length - 1) continue
      this.#learn(role === 'assistant' ? [...symbols, endSymbol] : symbols, weightOfRole[role])
    }
    this.promptTokens = promptTokens
  }

  /** log p^τ of the symbols one after another, one sum per temperature. */
  logLikelihoods(continuation: readonly number[], temperatures: readonly number[]): Float64Array {
    const sums = new Float64Array(temperatures.length)
    const said = [...this.#prefix]
    for (const symbol of continuation) {
      const direct = Math.log(this.#probability(said, symbol))
      const grid = temperatures.some((temperature) => temperature !== 1) ? this.#logTable(said) : undefined
      for (const [index, temperature] of temperatures.entries()) {
        const power =
          grid === undefined || temperature === 1
            ? direct
            : direct / temperature - logNormaliser(grid, temperature)
        sums[index] = (sums[index] as number) + power
      }
      said.push(symbol)
    }
    return sums
  }

  /** The next symbol after what was said, for a uniform draw from [0, 1); temperature 0 takes the likeliest. */
  draw(continuation: readonly number[], temperature: number, uniform: number): number {
    const table = this.#logTable([...this.#prefix, ...continuation])
    if (temperature === 0) {
      return table.symbols[table.logs.indexOf(Math.max(...table.logs))] as number
    }
    const normaliser = logNormaliser(table, temperature)
    let remaining = uniform
    for (const [index, symbol] of table.symbols.entries()) {
      const probability = Math.exp((table.logs[index] as number) / temperature - normaliser)
      remaining -= probability
      if (remaining < 0) return symbol
    }
    const share = remaining / Math.exp(Math.log(table.others) + table.logOther / temperature - normaliser)
    return this.#unlistedAt(Math.min(table.others - 1, Math.floor(Math.max(0, share) * table.others)))
  }

  #learn(symbols: readonly number[], weight: number): void {
    let before = [startSymbol, startSymbol]
    for (const symbol of symbols) {
      this.#symbols.add(symbol)
      for (const [order, counts] of this.#orders.entries()) {
        const key = before.slice(2 - order).join(',')
        const entry = counts.get(key) ?? { bySymbol: new Map<number, number>(), total: 0 }
        entry.bySymbol.set(symbol, (entry.bySymbol.get(symbol) ?? 0) + weight)
        entry.total += weight
        counts.set(key, entry)
      }
      before = [before[1] as number, symbol]
    }
  }

  #contexts(said: readonly number[]): (Counts | undefined)[] {
    const before = [said.at(-2) ?? startSymbol, said.at(-1) ?? startSymbol]
    return this.#orders.map((counts, order) => counts.get(before.slice(2 - order).join(',')))
  }

  #probability(said: readonly number[], symbol: number): number {
    return mixed(this.#contexts(said), symbol)
  }

  /** log p of every symbol that the prompt or the base knows by name, and of each of the others. */
  #logTable(said: readonly number[]): LogTable {
    const contexts = this.#contexts(said)
    const symbols = [...this.#symbols]
    const nobody = 0xe000
    const other = this.#symbols.has(nobody) ? this.#unlistedAt(0) : nobody
    return {
      symbols,
      logs: symbols.map((symbol) => Math.log(mixed(contexts, symbol))),
      others: vocabularySize - symbols.length,
      logOther: Math.log(mixed(contexts, other)),
    }
  }

  /** The scalar value with this number among those that are not named. */
  #unlistedAt(position: number): number {
    const named = [...this.#symbols].filter((symbol) => symbol >= 0).toSorted((a, b) => a - b)
    let symbol = position
    for (const taken of named) {
      const rank = taken >= 0xe000 ? taken - 0x800 : taken
      if (rank <= symbol) symbol++
      else break
    }
    return symbol >= 0xd800 ? symbol + 0x800 : symbol
  }
}

interface LogTable {
  readonly symbols: readonly number[]
  readonly logs: readonly number[]
  readonly others: number
  readonly logOther: number
}

function mixed(contexts: readonly (Counts | undefined)[], symbol: number): number {
  let probability = baseProbability(symbol)
  for (const [order, counts] of contexts.entries()) {
    if (counts === undefined) continue
    const prior = priors[order] as number
    probability = ((counts.bySymbol.get(symbol) ?? 0) + prior * probability) / (counts.total + prior)
  }
  return probability
}

function logNormaliser({ logs, others, logOther }: LogTable, temperature: number): number {
  const most = Math.max(...logs, logOther) / temperature
  let sum = others * Math.exp(logOther / temperature - most)
  for (const log of logs) sum += Math.exp(log / temperature - most)
  return most + Math.log(sum)
}

/** One symbol per Unicode character; half of a surrogate pair is read as U+FFFD. */
export function symbolsOf(text: string): number[] {
  return Array.from(text.toWellFormed(), symbolOf)
}

function symbolOf(character: string): number {
  return character.codePointAt(0) as number
}
