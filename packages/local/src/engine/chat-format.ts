import { Template } from '@huggingface/jinja'
import type { ChatMessage } from '@mop/core'
import type { LlamaModel, Token } from 'node-llama-cpp'
import { ChatTemplateError } from '../errors/chat-template-error.ts'

/**
 * A prompt as tokens, cut before the content of each message after the first: the pieces that prompts may share.
 * The cuts depend on this prompt alone.
 */
export type PromptSegments = readonly (readonly Token[])[]

export interface ChatFormat {
  /** `template` when the model file holds a chat template, `plain` otherwise. */
  readonly kind: 'template' | 'plain'
  /** The token that ends an answer. */
  readonly endOfTurn: Token
  /**
   * Prompt up to where the answer starts; a final assistant message becomes its beginning.
   * Text inside messages never becomes a control token.
   * @throws ChatTemplateError when the template refuses the messages.
   */
  segments(messages: readonly ChatMessage[]): PromptSegments
  /** Tokens of a text that is data: no control tokens in it. */
  textTokens(text: string): Token[]
}

/** Reads `tokenizer.chat_template` of the model file; without one, messages are written as plain text (see the README). */
export function chatFormatOf(model: LlamaModel): ChatFormat {
  const source: unknown = model.fileInfo.metadata.tokenizer?.chat_template
  const textTokens = (text: string): Token[] => model.tokenize(text, false, 'trimLeadingSpace')
  const render = typeof source === 'string' ? templateRenderer(source, model) : renderPlain
  const systemRole = supportsSystemRole(render)

  const segments = (messages: readonly ChatMessage[]): PromptSegments => {
    const last = messages.at(-1)
    const prefix = last?.role === 'assistant' ? last.content : ''
    const prompt = last?.role === 'assistant' ? messages.slice(0, -1) : messages
    const pieces = renderPieces(render, systemRole ? prompt : mergeSystem(prompt))
    const result: Token[][] = [[]]
    const append = (tokens: readonly Token[]): void => void result.at(-1)?.push(...tokens)
    for (const [index, piece] of pieces.entries()) {
      if (piece.content !== undefined) {
        if (index > 1) result.push([])
        append(textTokens(piece.content))
      } else append(model.tokenize(piece.text, true, 'trimLeadingSpace'))
    }
    if (prefix !== '') {
      result.push([])
      append(textTokens(prefix))
    }
    const bos = model.tokens.bos
    if (bos !== null && model.tokens.shouldPrependBosToken && result[0]?.[0] !== bos) result[0]?.unshift(bos)
    const start = bos ?? model.tokens.eos
    if (result.every((segment) => segment.length === 0) && start !== null) return [[start]]
    return result.filter((segment) => segment.length > 0)
  }
  return {
    kind: typeof source === 'string' ? 'template' : 'plain',
    endOfTurn: endOfTurnOf(model, render),
    segments,
    textTokens,
  }
}

/** A stretch of a rendered prompt: the template's own text, or the content of a message. */
type Piece =
  | { readonly text: string; readonly content?: undefined }
  | { readonly text?: undefined; readonly content: string }

type Renderer = (messages: readonly ChatMessage[], generate: boolean) => string

function templateRenderer(source: string, model: LlamaModel): Renderer {
  let template: Template
  try {
    template = new Template(source)
  } catch (error) {
    throw new ChatTemplateError(`cannot be parsed (${messageOf(error)})`, error)
  }
  return (messages, generate) =>
    template.render({
      messages: messages.map(({ role, content }) => ({ role, content })),
      add_generation_prompt: generate,
      bos_token: model.tokens.bosString ?? '',
      eos_token: model.tokens.eosString ?? '',
    })
}

/** The format for models without a chat template: contents as paragraphs, answers on their own line after a blank line. */
function renderPlain(messages: readonly ChatMessage[]): string {
  return messages.map((message) => `${message.content}\n\n`).join('')
}

// Contents are rendered as marks from a private-use plane, so that their text never meets the template or its control tokens.
const mark = (index: number): string => `\u{F0000}${index}\u{F0001}`
const marks = /\u{F0000}(\d+)\u{F0001}/u

function renderPieces(render: Renderer, messages: readonly ChatMessage[]): Piece[] {
  let rendered: string
  try {
    rendered = render(
      messages.map(({ role }, index) => ({ role, content: mark(index) })),
      true,
    )
  } catch (error) {
    throw new ChatTemplateError(
      `refused the roles ${messages.map(({ role }) => role).join(', ')} (${messageOf(error)})`,
      error,
    )
  }
  const parts = rendered.split(marks)
  const order = parts.filter((_, index) => index % 2 === 1).map(Number)
  if (order.length !== messages.length || order.some((message, index) => message !== index)) {
    throw new ChatTemplateError(`does not render every message once, in order`)
  }
  return parts.map((part, index) =>
    index % 2 === 0 ? { text: part } : { content: messages[Number(part)]?.content ?? '' },
  )
}

function supportsSystemRole(render: Renderer): boolean {
  try {
    const probe = render(
      [
        { role: 'system', content: mark(0) },
        { role: 'user', content: mark(1) },
      ],
      true,
    )
    return probe.includes(mark(0))
  } catch {
    return false
  }
}

/** For templates without a system role (Gemma): each system text opens the user message that follows it. */
function mergeSystem(messages: readonly ChatMessage[]): readonly ChatMessage[] {
  const merged: ChatMessage[] = []
  let pending = ''
  for (const message of messages) {
    if (message.role === 'system') pending += `${message.content}\n\n`
    else {
      merged.push(message.role === 'user' ? { role: 'user', content: pending + message.content } : message)
      if (message.role === 'user') pending = ''
    }
  }
  if (pending !== '') merged.push({ role: 'user', content: pending.trimEnd() })
  return merged
}

function endOfTurnOf(model: LlamaModel, render: Renderer): Token {
  const fallback = model.tokens.eot ?? model.tokens.eos
  const exchange: ChatMessage[] = [
    { role: 'user', content: mark(0) },
    { role: 'assistant', content: mark(1) },
  ]
  const after = render(exchange, false).split(mark(1))[1] ?? ''
  const end = model.tokenize(after, true).find((token) => model.isEogToken(token)) ?? fallback
  if (end === null) throw new ChatTemplateError('and tokenizer name no token that ends an answer')
  return end
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
