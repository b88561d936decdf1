import type { CallbackManagerForLLMRun } from '@langchain/core/callbacks/manager'
import { BaseChatModel, type BaseChatModelCallOptions } from '@langchain/core/language_models/chat_models'
import { AIMessage, AIMessageChunk, type BaseMessage } from '@langchain/core/messages'
import { ChatGenerationChunk, type ChatResult } from '@langchain/core/outputs'
import type { ChatMessage } from '@mop/core'
import type { ModelCall, ScriptedModel } from '@mop/core/testing'

interface ScriptedCallOptions extends BaseChatModelCallOptions {
  temperature?: number
}

/** A chat model of LangChain that answers as a script of core's contract says, in one piece or several. */
export class ScriptedChatModel extends BaseChatModel<ScriptedCallOptions> {
  readonly calls: ModelCall[] = []
  readonly #script: ScriptedModel

  constructor(script: ScriptedModel) {
    super({})
    this.#script = script
  }

  override _llmType(): string {
    return 'scripted'
  }

  override async _generate(messages: BaseMessage[], options: this['ParsedCallOptions']): Promise<ChatResult> {
    const text = await this.#answer(messages, options)
    return { generations: [{ text, message: new AIMessage(text) }] }
  }

  override async *_streamResponseChunks(
    messages: BaseMessage[],
    options: this['ParsedCallOptions'],
    runManager?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatGenerationChunk> {
    for (const text of (await this.#answer(messages, options)).split(/(?<= )/)) {
      yield new ChatGenerationChunk({ text, message: new AIMessageChunk(text) })
      await runManager?.handleLLMNewToken(text)
    }
  }

  #answer(messages: readonly BaseMessage[], { temperature, signal }: ScriptedCallOptions): Promise<string> {
    const call: ModelCall = { messages: chatMessages(messages), temperature }
    this.calls.push(call)
    return this.#script.answer(call, signal)
  }
}

/** System and user messages and plain assistant texts, in core's words. */
export function chatMessages(messages: readonly BaseMessage[]): readonly ChatMessage[] {
  return messages.flatMap(({ type, text }): readonly ChatMessage[] => {
    if (type === 'system') return [{ role: 'system', content: text }]
    if (type === 'human') return [{ role: 'user', content: text }]
    return type === 'ai' && text !== '' ? [{ role: 'assistant', content: text }] : []
  })
}
