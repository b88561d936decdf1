import {
  type BaseTool,
  type ChatMessage as LlamaIndexMessage,
  type ChatResponse,
  type ChatResponseChunk,
  type LLMChatParamsNonStreaming,
  type LLMChatParamsStreaming,
  type LLMMetadata,
  ToolCallLLM,
} from '@llamaindex/core/llms'
import type { ChatMessage } from '@mop/core'

/** One call, in core's words. */
export interface ScriptedCall {
  readonly messages: readonly ChatMessage[]
  readonly temperature: number | undefined
}

export interface ScriptedChatOptions {
  readonly temperature?: number
  readonly signal?: AbortSignal | undefined
}

/** What a scripted model says: a text, or calls of tools. */
export type ScriptedAnswer =
  | string
  | { readonly id: string; readonly name: string; readonly input: unknown }[]

/** A tool-calling model for tests that answers what a function says, and keeps what it was asked. */
export class ScriptedLLM extends ToolCallLLM<ScriptedChatOptions> {
  readonly calls: ScriptedCall[] = []
  readonly asked: LlamaIndexMessage[][] = []
  readonly tools: (readonly BaseTool[] | undefined)[] = []
  readonly options: object[] = []
  supportToolCall = true
  readonly #answer: (
    call: ScriptedCall,
    signal: AbortSignal | undefined,
  ) => Promise<ScriptedAnswer> | ScriptedAnswer

  constructor(
    answer: (call: ScriptedCall, signal: AbortSignal | undefined) => Promise<ScriptedAnswer> | ScriptedAnswer,
  ) {
    super()
    this.#answer = answer
  }

  get metadata(): LLMMetadata {
    return {
      model: 'scripted',
      temperature: 1,
      topP: 1,
      contextWindow: 100_000,
      tokenizer: undefined,
      structuredOutput: false,
    }
  }

  override chat(
    params: LLMChatParamsStreaming<ScriptedChatOptions>,
  ): Promise<AsyncIterable<ChatResponseChunk>>
  override chat(params: LLMChatParamsNonStreaming<ScriptedChatOptions>): Promise<ChatResponse>
  override async chat(
    params: LLMChatParamsStreaming<ScriptedChatOptions> | LLMChatParamsNonStreaming<ScriptedChatOptions>,
  ): Promise<AsyncIterable<ChatResponseChunk> | ChatResponse> {
    const { temperature, signal } = params.additionalChatOptions ?? {}
    const call = { messages: plain(params.messages), temperature }
    this.calls.push(call)
    this.asked.push(params.messages)
    this.tools.push(params.tools)
    this.options.push(params.additionalChatOptions ?? {})
    if (params.stream === true) return pieces(this.#answer(call, signal))
    const answer = await this.#answer(call, signal)
    return typeof answer === 'string'
      ? { message: { role: 'assistant', content: answer }, raw: { from: 'scripted' } }
      : { message: { role: 'assistant', content: '', options: { toolCall: answer } }, raw: null }
  }
}

async function* pieces(
  answering: Promise<ScriptedAnswer> | ScriptedAnswer,
): AsyncGenerator<ChatResponseChunk> {
  const answer = await answering
  if (typeof answer !== 'string') yield { delta: '', raw: null, options: { toolCall: answer } }
  else for (const delta of answer.split(/(?= )/)) yield { delta, raw: { from: 'scripted' } }
}

/** System, user and assistant texts: calls of tools and their results left out. */
function plain(messages: readonly LlamaIndexMessage[]): ChatMessage[] {
  return messages.flatMap(({ role, content, options = {} }): ChatMessage[] => {
    if ('toolCall' in options || 'toolResult' in options) return []
    if (role === 'memory' || role === 'developer') return []
    const texts =
      typeof content === 'string'
        ? [content]
        : content.flatMap((part) => (part.type === 'text' ? [part.text] : []))
    return [{ role, content: texts.join('\n\n') }]
  })
}
