import { withoutSpaces } from '../generator/without-spaces.ts'

/**
 * Turns the bytes of drawn tokens into text: whole characters only, cut before the first stop string.
 * What may still become a stop string is held back.
 */
export class TextAssembler {
  readonly #stops: readonly string[]
  #spacesBefore: number
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  #held = ''
  stopped = false

  /** @param spacesBefore Spaces at the very beginning that are no part of the text, as many as there are of them. */
  constructor(stops: readonly string[], spacesBefore = 0) {
    this.#stops = stops
    this.#spacesBefore = spacesBefore
  }

  /** The text that is certain after this token. */
  push(bytes: Uint8Array): string {
    return this.#release(this.#decoder.decode(bytes, { stream: true }), false)
  }

  /** What was held back, at the end of the answer. Bytes that are no whole character become U+FFFD. */
  end(): string {
    return this.#release(this.#decoder.decode(), true)
  }

  #release(text: string, all: boolean): string {
    if (this.stopped) return ''
    const trimmed = withoutSpaces(text, this.#spacesBefore)
    this.#spacesBefore = trimmed === '' ? this.#spacesBefore - text.length : 0
    this.#held += trimmed
    const cuts = this.#stops.map((stop) => this.#held.indexOf(stop)).filter((index) => index >= 0)
    if (cuts.length > 0) {
      this.stopped = true
      return this.#held.slice(0, Math.min(...cuts))
    }
    const keep = all ? 0 : Math.max(0, ...this.#stops.map((stop) => overlap(this.#held, stop)))
    const released = this.#held.slice(0, this.#held.length - keep)
    this.#held = this.#held.slice(this.#held.length - keep)
    return released
  }
}

/** Length of the longest end of `text` that is a beginning of `stop`. */
function overlap(text: string, stop: string): number {
  for (let length = Math.min(text.length, stop.length - 1); length > 0; length--) {
    if (text.endsWith(stop.slice(0, length))) return length
  }
  return 0
}
