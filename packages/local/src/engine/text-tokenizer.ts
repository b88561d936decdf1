import type { LlamaModel, Token } from 'node-llama-cpp'

/**
 * Tokenises the stretches of a prompt one by one, with the tokens that llama.cpp gives the whole. Tokenizers like Llama's put
 * a space before a text that begins a prompt or follows a control token. llama.cpp puts it before whatever it is given, so
 * where a stretch goes on from text the space is taken away again.
 */
export interface TextTokenizer {
  /** Whether the tokenizer puts a space before a text that follows this token; undefined: before one that begins the prompt. */
  addsSpaceAfter(token: Token | undefined): boolean
  /** The template's own text: names of control tokens in it are control tokens. */
  template(text: string, spaced: boolean): Token[]
  /** A text that is data: neither control tokens in it nor other tokens by which the template marks turns. */
  content(text: string, spaced: boolean): Token[]
}

/** @param template Source of the chat template; empty where there is none. */
export function textTokenizerOf(
  model: LlamaModel,
  tokenBytes: (token: Token) => Uint8Array,
  template: string,
): TextTokenizer {
  const spellingOf = (tokens: readonly Token[]): string =>
    Buffer.concat(tokens.map((token) => tokenBytes(token))).toString()
  const addsSpace = spellingOf(model.tokenize('a')) === ' a'
  const lineBreak = model.tokenize('\n')

  const withoutSpace = (text: string, special: boolean): Token[] => {
    const behindLineBreak = model.tokenize(`\n${text}`, special)
    if (!text.startsWith('\n') && lineBreak.every((token, index) => behindLineBreak[index] === token)) {
      return behindLineBreak.slice(lineBreak.length)
    }
    const tokens = model.tokenize(text, special)
    return spellingOf(tokens.slice(0, 1)) === ' ' ? tokens.slice(1) : tokens
  }
  const tokenize = (text: string, special: boolean, spaced: boolean): Token[] => {
    if (text === '') return []
    return addsSpace && !spaced ? withoutSpace(text, special) : model.tokenize(text, special)
  }
  const turnMarks = userDefinedMarks(model, template)
  return {
    addsSpaceAfter: (token) => addsSpace && (token === undefined || model.isSpecialToken(token)),
    template: (text, spaced) => tokenize(text, true, spaced),
    content: (text, spaced) =>
      turnMarks
        .reduce(cutInside, [text])
        .flatMap((part, index) => tokenize(part, false, spaced && index === 0)),
  }
}

/** Tokens that the template uses and that are no control tokens by their type: llama.cpp finds them in any text. */
function userDefinedMarks(model: LlamaModel, template: string): readonly string[] {
  return model.fileInfo.metadata.tokenizer.ggml.tokens.filter(
    (text, token) =>
      text.trim().length > 1 &&
      template.includes(text) &&
      model.getTokenAttributes(token as Token).userDefined,
  )
}

/** The parts cut once more, so that none holds the mark: `a<x>b` as `a<` and `x>b`. */
function cutInside(parts: readonly string[], turnMark: string): readonly string[] {
  return parts.flatMap((part) => {
    const [first = '', ...others] = part.split(turnMark)
    if (others.length === 0) return [part]
    const head = turnMark.slice(0, 1)
    const tails = others.map((other) => turnMark.slice(1) + other)
    return [first, ...tails].map((piece, index) => (index < tails.length ? piece + head : piece))
  })
}
