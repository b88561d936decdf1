import { Template } from '@huggingface/jinja'
import type { ChatMessage } from '@mop/core'
import type { LlamaModel } from 'node-llama-cpp'
import { ChatTemplateError } from '../errors/chat-template-error.ts'

/** A stretch of a rendered prompt: the template's own text, or the content of a message. */
export type PromptPiece =
  | { readonly text: string; readonly content?: undefined }
  | { readonly text?: undefined; readonly content: string }

/** Renders messages as the stretches of a prompt, the template's own and the messages' contents, in turn. */
export interface TemplateRenderer {
  /** `template` when the model file holds a chat template, `plain` otherwise. */
  readonly kind: 'template' | 'plain'
  /** Of the template; empty where there is none. */
  readonly source: string
  /** The template's text after the content of an assistant message. */
  readonly afterAnswer: string
  /** Spaces that the template puts before the content of an assistant message but does not end a prompt with (Llama 2: one). */
  readonly beforeAnswer: string
  /**
   * The prompt of these messages up to where the answer starts.
   * @throws ChatTemplateError when the template refuses the messages.
   */
  pieces(messages: readonly ChatMessage[]): readonly PromptPiece[]
}

/** Reads `tokenizer.chat_template` of the model file; without one, each message is a paragraph, followed by a blank line. */
export function templateRendererOf(model: LlamaModel): TemplateRenderer {
  const found: unknown = model.fileInfo.metadata.tokenizer?.chat_template
  const source = typeof found === 'string' ? found : ''
  const render = source === '' ? renderPlain : jinjaRender(source, model)
  const systemRole = supportsSystemRole(render)
  return {
    kind: source === '' ? 'plain' : 'template',
    source,
    ...aroundAnswers(render),
    pieces: (messages) => renderPieces(render, systemRole ? messages : mergeSystem(messages)),
  }
}

type Render = (messages: readonly ChatMessage[], generate: boolean) => string

function jinjaRender(source: string, model: LlamaModel): Render {
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

function renderPlain(messages: readonly ChatMessage[]): string {
  return messages.map((message) => `${message.content}\n\n`).join('')
}

// Contents are rendered as marks from a private-use plane, so that their text never meets the template or its control tokens.
const mark = (index: number): string => `\u{F0000}${index}\u{F0001}`
const marks = /\u{F0000}(\d+)\u{F0001}/u

/** @throws ChatTemplateError */
function rendered(render: Render, messages: readonly ChatMessage[], generate: boolean): string {
  try {
    return render(messages, generate)
  } catch (error) {
    throw new ChatTemplateError(
      `refused the roles ${messages.map(({ role }) => role).join(', ')} (${messageOf(error)})`,
      error,
    )
  }
}

function renderPieces(render: Render, messages: readonly ChatMessage[]): PromptPiece[] {
  const marked = messages.map(({ role }, index) => ({ role, content: mark(index) }))
  const parts = rendered(render, marked, true).split(marks)
  const order = parts.filter((_, index) => index % 2 === 1).map(Number)
  if (order.length !== messages.length || order.some((message, index) => message !== index)) {
    throw new ChatTemplateError(`does not render every message once, in order`)
  }
  return parts.map((part, index) =>
    index % 2 === 0 ? { text: part } : { content: messages[Number(part)]?.content ?? '' },
  )
}

function supportsSystemRole(render: Render): boolean {
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

function aroundAnswers(render: Render): Pick<TemplateRenderer, 'afterAnswer' | 'beforeAnswer'> {
  const question: ChatMessage = { role: 'user', content: mark(0) }
  const prompt = rendered(render, [question], true)
  const exchange = rendered(render, [question, { role: 'assistant', content: mark(1) }], false)
  const [before = '', afterAnswer = ''] = exchange.split(mark(1))
  const more = before.startsWith(prompt) ? before.slice(prompt.length) : ''
  return { afterAnswer, beforeAnswer: /^ *$/.test(more) ? more : '' }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
