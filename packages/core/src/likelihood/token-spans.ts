/** Tokens of a text with their log-probabilities, as completion endpoints give them with `echo`. */
export interface EchoedText {
  /**
   * In order. Each is the text of a token, or, for part of a character, `bytes:\xe2\x80`, `<0xE2>`, U+FFFD or nothing. `▁` may stand
   * for a space. A first token that is not in the text (`<s>`) is passed over.
   */
  readonly tokens: readonly string[]
  /** log p of each token given those before it; null where there is none, as for the first. */
  readonly logProbabilities: readonly (number | null)[]
  /** Where each token begins, in Unicode code points or UTF-16 units. Used where the tokens themselves leave it open. */
  readonly textOffsets?: readonly number[] | undefined
}

/** Where a token lies in the UTF-8 bytes of the text. A token without text of its own has `start === end`. */
export interface TokenSpan {
  readonly start: number
  readonly end: number
}

const encoder = new TextEncoder()
const replacement = '\uFFFD'
const space = 0x20

/**
 * Lays tokens along the text they came from. The text is known, so tokens are read against it rather than trusted: offsets of
 * servers count in different units, and some drift at the first special token.
 * @returns a span per token, undefined for one that is not in the text (such as a start token, or what was drawn after its end);
 * or what is wrong, in words without any of the text.
 */
export function tokenSpans(text: string, echoed: EchoedText): readonly (TokenSpan | undefined)[] | string {
  const bytes = encoder.encode(text)
  const spans = spansByTokens(bytes, echoed.tokens)
  return typeof spans === 'string' ? (spansByOffsets(text, bytes, echoed) ?? spans) : spans
}

function spansByTokens(
  bytes: Uint8Array,
  tokens: readonly string[],
): readonly (TokenSpan | undefined)[] | string {
  const spans: (TokenSpan | undefined)[] = []
  /** Tokens that hold parts of characters, whose lengths are open until a later token is found. */
  let open: number[] = []
  let position = 0
  const close = (end: number): void => {
    const start = position
    for (const index of open) spans[index] = { start, end }
    open = []
    position = end
  }
  for (const [index, token] of tokens.entries()) {
    if (position >= bytes.length && open.length === 0) {
      spans.push(undefined)
      continue
    }
    const begin = open.length === 0 ? position : afterOpen(bytes, position, token)
    const end = begin === undefined ? undefined : endOf(bytes, begin, token)
    if (begin !== undefined && end !== undefined) {
      if (open.length > 0) close(begin)
      spans.push({ start: position, end })
      position = end
    } else if (token.includes(replacement)) {
      spans.push(undefined)
      open.push(index)
    } else if (position === 0 && (index === 0 || /^[<[].+[>\]]$/.test(token))) spans.push(undefined)
    else if (open.length > 0 && index === tokens.length - 1 && isTail(bytes, position)) {
      close(bytes.length)
      spans.push(undefined)
    } else return `token ${index} of ${tokens.length} is not what the text goes on with`
  }
  if (open.length > 0 && isTail(bytes, position)) close(bytes.length)
  if (position === bytes.length) return spans
  return `its ${tokens.length} tokens end after ${position} of the text's ${bytes.length} bytes`
}

/** Where a token goes on after parts of characters: none of what they hold is ASCII, but for a space before. */
function afterOpen(bytes: Uint8Array, position: number, token: string): number | undefined {
  for (let begin = position + 1; begin <= bytes.length; begin++) {
    const passed = bytes[begin - 1] as number
    if (passed < 0x80 && !(passed === space && begin === position + 1)) return undefined
    if (token !== '' && endOf(bytes, begin, token) !== undefined) return begin
  }
  return undefined
}

function isTail(bytes: Uint8Array, position: number): boolean {
  return bytes.subarray(position + 1).every((byte) => byte >= 0x80)
}

/** The end of a token that begins here, undefined where the text does not go on with it. */
function endOf(bytes: Uint8Array, start: number, token: string): number | undefined {
  for (const form of formsOf(token)) {
    if (startsWith(bytes, start, form)) return start + form.length
    // Tokenizers of the SentencePiece kind put a space before a text, and lose the space of a token that is decoded alone.
    if (start === 0 && form[0] === space && startsWith(bytes, 0, form.subarray(1))) return form.length - 1
    if (bytes[start] === space && startsWith(bytes, start + 1, form)) return start + 1 + form.length
  }
  return undefined
}

function startsWith(bytes: Uint8Array, start: number, form: Uint8Array): boolean {
  return form.every((byte, index) => bytes[start + index] === byte)
}

function formsOf(token: string): readonly Uint8Array[] {
  const forms = [encoder.encode(token)]
  if (token.includes('\u2581')) forms.push(encoder.encode(token.replaceAll('\u2581', ' ')))
  const [, escaped] = /^bytes:(.+)$/s.exec(token) ?? []
  if (escaped !== undefined) {
    forms.push(
      Uint8Array.from(
        [...escaped.matchAll(/\\x([0-9a-f]{2})|[^]/giu)].flatMap(([character, hex]) =>
          hex === undefined ? [...encoder.encode(character)] : [Number.parseInt(hex, 16)],
        ),
      ),
    )
  }
  const [, byte] = /^<0x([0-9a-f]{2})>$/i.exec(token) ?? []
  if (byte !== undefined) forms.push(Uint8Array.of(Number.parseInt(byte, 16)))
  return forms
}

/** Spans by the offsets, where these agree with every token that spells text. */
function spansByOffsets(
  text: string,
  bytes: Uint8Array,
  { tokens, textOffsets }: EchoedText,
): readonly (TokenSpan | undefined)[] | undefined {
  if (textOffsets?.length !== tokens.length) return undefined
  for (const byteOffsets of byteOffsetsByUnit(text)) {
    const starts = textOffsets.map((offset) => byteOffsets[offset])
    const spans = starts.map((start, index): TokenSpan | undefined =>
      start === undefined || start >= bytes.length || (index === 0 && !begins(bytes, tokens[0] ?? ''))
        ? undefined
        : { start, end: starts[index + 1] ?? bytes.length },
    )
    const agree = spans.every((span, index) => {
      const token = tokens[index] ?? ''
      if (span === undefined || token.includes(replacement)) return true
      return span.end >= span.start && endOf(bytes, span.start, token) !== undefined
    })
    if (agree && starts[0] === 0) return spans
  }
  return undefined
}

function begins(bytes: Uint8Array, token: string): boolean {
  return token.includes(replacement) || endOf(bytes, 0, token) !== undefined
}

/** The byte at which each code point begins, and the same for each UTF-16 unit; one more for the end. */
function byteOffsetsByUnit(text: string): readonly (readonly number[])[] {
  const byCodePoint: number[] = []
  const byUnit: number[] = []
  let position = 0
  for (const character of text) {
    byCodePoint.push(position)
    for (let unit = 0; unit < character.length; unit++) byUnit.push(position)
    position += encoder.encode(character).length
  }
  return [byCodePoint, byUnit].map((offsets) => [...offsets, position])
}
