import { MopError } from './mop-error.ts'
import { placeWords, type RecordPlace } from './record-error.ts'

export interface TooLongText {
  readonly kind: 'record' | 'exemplar' | 'input'
  readonly id: string
  /** The longer one of its texts. */
  readonly field: 'input' | 'output'
  /** Of the whole request. */
  readonly tokens: number
  /** Ids of what stands beside it in that request. */
  readonly personas?: readonly string[] | undefined
  readonly exemplars?: readonly string[] | undefined
  readonly place?: RecordPlace | undefined
}

export interface TextTooLongOptions {
  /** At least one. */
  readonly texts: readonly TooLongText[]
  readonly limit: number
  readonly remedy?: string | undefined
  readonly cause?: unknown
}

const mostNamed = 8

/** Texts of a population with more tokens than the language model takes at once. */
export class TextTooLongError extends MopError {
  /** The longest first. */
  readonly texts: readonly TooLongText[]
  /** The most tokens that the model takes. */
  readonly limit: number
  readonly #options: TextTooLongOptions

  constructor(options: TextTooLongOptions) {
    const texts = options.texts.toSorted((a, b) => b.tokens - a.tokens)
    super({
      code: 'text-too-long',
      message: messageOf({ ...options, texts }),
      remedy:
        options.remedy ?? 'Shorten them, leave them out, or use a model or settings that take more at once.',
      cause: options.cause,
    })
    this.texts = texts
    this.limit = options.limit
    this.#options = { ...options, texts }
  }

  /** The same error of one who knows where the texts stand, or what to do about them. */
  with(changes: {
    readonly placeOf?: (id: string) => RecordPlace | undefined
    readonly remedy?: string
  }): TextTooLongError {
    const { placeOf, remedy = this.remedy } = changes
    const texts = this.texts.map((text) => ({ ...text, place: text.place ?? placeOf?.(text.id) }))
    return new TextTooLongError({ ...this.#options, texts, remedy, cause: this })
  }

  static override isInstance(error: unknown): error is TextTooLongError {
    return MopError.isInstance(error) && error.code === 'text-too-long'
  }
}

function messageOf({ texts, limit }: TextTooLongOptions): string {
  const [first, ...others] = texts as readonly [TooLongText, ...TooLongText[]]
  const subject = [
    ...placeWords(first.place ?? {}),
    `${first.kind} ${JSON.stringify(first.id)}`,
    `field "${first.field}"`,
  ].join(', ')
  const beside = [
    ...named('persona', first.personas ?? []),
    ...named('exemplar', first.exemplars ?? []),
  ].join(' and ')
  const together = beside === '' ? '' : ` together with ${beside}`
  const found = `${subject}: ${first.tokens} tokens${together}; the language model takes ${limit} at once.`
  return others.length === 0 ? found : `${found} ${othersInWords(others)}`
}

function othersInWords(others: readonly TooLongText[]): string {
  const shown = others.slice(0, mostNamed).map(({ id, tokens, place }) => {
    const where = placeWords({ line: place?.line, row: place?.row })
    return `${JSON.stringify(id)} (${[...where, String(tokens)].join(', ')})`
  })
  const more = others.length - shown.length
  return `${others.length} more ${others.length === 1 ? 'is' : 'are'} too long: ${shown.join(', ')}${more > 0 ? ` and ${more} others` : ''}.`
}

function named(kind: string, ids: readonly string[]): string[] {
  return ids.length === 0 ? [] : [`${kind} ${ids.map((id) => JSON.stringify(id)).join(', ')}`]
}
