import type { ChatMessage } from '@mop/core'
import type { LlamaModel, Token } from 'node-llama-cpp'
import { ChatTemplateError } from '../errors/chat-template-error.ts'
import { type TemplateRenderer, templateRendererOf } from './template-renderer.ts'
import { textTokenizerOf } from './text-tokenizer.ts'

/**
 * A prompt as tokens, cut before the content of each message after the first: the pieces that prompts may share.
 * The cuts depend on this prompt alone.
 */
export type PromptSegments = readonly (readonly Token[])[]

/** A prompt up to where the answer starts, and how an answer to it is spelled. */
export interface ChatPrompt {
  readonly segments: PromptSegments
  /** Spaces that template and tokenizer put before the answer, and that are no part of its text: 0 for most models. */
  readonly answerSpaces: number
  /** Tokens of an answer, without the one that ends it. No control tokens in it. */
  answerTokens(text: string): Token[]
}

export interface ChatFormat {
  /** `template` when the model file holds a chat template, `plain` otherwise. */
  readonly kind: TemplateRenderer['kind']
  /** The token that ends an answer. */
  readonly endOfTurn: Token
  /**
   * A final assistant message becomes the beginning of the answer. Text inside messages never becomes a control token.
   * @throws ChatTemplateError when the template refuses the messages.
   */
  prompt(messages: readonly ChatMessage[]): ChatPrompt
  /** Tokens of a text that stands by itself: no control tokens in it, and no space before it. */
  textTokens(text: string): Token[]
}

/** The chat template of a model file over its tokenizer. */
export function chatFormatOf(model: LlamaModel, tokenBytes: (token: Token) => Uint8Array): ChatFormat {
  const renderer = templateRendererOf(model)
  const tokenizer = textTokenizerOf(model, tokenBytes, renderer.source)
  const { bos, eos } = model.tokens
  const endOfTurn = endOfTurnOf(model, renderer)

  const prompt = (messages: readonly ChatMessage[]): ChatPrompt => {
    const begun = messages.at(-1)?.role === 'assistant' ? (messages.at(-1)?.content ?? '') : ''
    const asked = messages.at(-1)?.role === 'assistant' ? messages.slice(0, -1) : messages
    const segments: Token[][] = [[]]
    let last: Token | undefined
    const append = (tokens: readonly Token[]): void => {
      segments.at(-1)?.push(...tokens)
      last = tokens.at(-1) ?? last
    }
    const addsSpace = (): boolean => tokenizer.addsSpaceAfter(last)
    // Spaces before a content belong to its first token: "▁Hello" is one token of many vocabularies.
    let spaces = ''
    for (const [index, piece] of renderer.pieces(asked).entries()) {
      if (piece.content === undefined) {
        spaces = / *$/.exec(piece.text)?.[0] ?? ''
        append(tokenizer.template(piece.text.slice(0, piece.text.length - spaces.length), addsSpace()))
      } else {
        if (index > 1) segments.push([])
        append(tokenizer.content(spaces + piece.content, addsSpace()))
        spaces = ''
      }
    }
    spaces += renderer.beforeAnswer
    if (begun !== '') {
      segments.push([])
      append(tokenizer.content(spaces + begun, addsSpace()))
      spaces = ''
    }
    const spaced = addsSpace()
    if (bos !== null && model.tokens.shouldPrependBosToken && segments[0]?.[0] !== bos)
      segments[0]?.unshift(bos)
    const filled = segments.filter((segment) => segment.length > 0)
    const start = bos ?? eos
    return {
      segments: filled.length === 0 && start !== null ? [[start]] : filled,
      answerSpaces: spaces.length + (spaced ? 1 : 0),
      answerTokens: (text) => (text === '' ? [] : tokenizer.content(spaces + text, spaced)),
    }
  }
  return {
    kind: renderer.kind,
    endOfTurn,
    prompt,
    textTokens: (text) => tokenizer.content(text, false),
  }
}

function endOfTurnOf(model: LlamaModel, renderer: TemplateRenderer): Token {
  const fallback = model.tokens.eot ?? model.tokens.eos
  const end = model.tokenize(renderer.afterAnswer, true).find((token) => model.isEogToken(token)) ?? fallback
  if (end === null) throw new ChatTemplateError('and tokenizer name no token that ends an answer')
  return end
}
