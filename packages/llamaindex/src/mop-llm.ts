import {
  type ChatMessage,
  type ChatResponse,
  type ChatResponseChunk,
  type CompletionResponse,
  type LLM,
  type LLMChatParamsNonStreaming,
  type LLMChatParamsStreaming,
  type LLMCompletionParamsNonStreaming,
  type LLMCompletionParamsStreaming,
  type LLMMetadata,
  ToolCallLLM,
  type ToolCallLLMMessageOptions,
} from '@llamaindex/core/llms'
import { abortable, type BoundMixture, drawPrompt, type DrawnPrompt, promptOfDraw } from '@mop/core'
import { withReport } from './draw-report.ts'
import type { MopCallOptions, MopChatOptions, MopOptions } from './mop-options.ts'
import { conversationOf, isFromUser, placePrompt, textOf } from './place-prompt.ts'
import { RunMemory } from './run-memory.ts'

/** What a model must have to be decorated: every class of LlamaIndex, of whichever copy, has it. */
export type ChatModel<
  ChatOptions extends object = object,
  MessageOptions extends object = ToolCallLLMMessageOptions,
> = Pick<LLM<ChatOptions, MessageOptions>, 'chat' | 'metadata'> & { readonly supportToolCall?: boolean }

/** A model that answers each call as a member of the population, made by `withMop`. */
export class MopLLM<
  ChatOptions extends object = object,
  MessageOptions extends ToolCallLLMMessageOptions = ToolCallLLMMessageOptions,
> extends ToolCallLLM<ChatOptions & MopChatOptions, MessageOptions> {
  readonly #llm: ChatModel<ChatOptions, MessageOptions>
  readonly #mixture: BoundMixture
  readonly #options: MopOptions
  readonly #runs = new RunMemory()

  constructor(llm: ChatModel<ChatOptions, MessageOptions>, mixture: BoundMixture, options: MopOptions = {}) {
    super()
    this.#llm = llm
    this.#mixture = mixture
    this.#options = options
  }

  /** Of the model inside. */
  get metadata(): LLMMetadata {
    return this.#llm.metadata
  }

  /** Of the model inside; agents ask for it. */
  get supportToolCall(): boolean {
    return this.#llm.supportToolCall === true
  }

  override chat(
    params: LLMChatParamsStreaming<ChatOptions & MopChatOptions, MessageOptions>,
  ): Promise<AsyncIterable<ChatResponseChunk<MessageOptions>>>
  override chat(
    params: LLMChatParamsNonStreaming<ChatOptions & MopChatOptions, MessageOptions>,
  ): Promise<ChatResponse<MessageOptions>>
  /**
   * Draws and asks the model inside, whose errors travel.
   * @throws InvalidArgumentError as core's `drawPrompt`, before the model is asked.
   */
  override async chat(
    params:
      | LLMChatParamsStreaming<ChatOptions & MopChatOptions, MessageOptions>
      | LLMChatParamsNonStreaming<ChatOptions & MopChatOptions, MessageOptions>,
  ): Promise<AsyncIterable<ChatResponseChunk<MessageOptions>> | ChatResponse<MessageOptions>> {
    const { mop = {}, ...own }: MopChatOptions = params.additionalChatOptions ?? {}
    const { signal } = mop
    signal?.throwIfAborted()
    const drawn = await this.#draw(params.messages, { ...this.#options, ...given(mop) })
    const { chatOptions = ({ temperature }) => ({ temperature }), onDraw } = this.#options
    if (drawn !== undefined) onDraw?.(drawn.report)
    const asked = {
      ...params,
      messages: drawn === undefined ? params.messages : placePrompt(drawn, params.messages),
      additionalChatOptions: {
        ...own,
        ...(drawn !== undefined && chatOptions({ ...drawn.report, signal })),
      } as ChatOptions,
    }
    if (asked.stream === true) {
      const stream = await abortable(this.#llm.chat({ ...asked, stream: true }), signal)
      return this.#chunks(stream as AsyncIterable<ChatResponseChunk<MessageOptions>>, drawn, signal)
    }
    const response = await abortable(this.#llm.chat({ ...asked, stream: false }), signal)
    if (drawn === undefined) return response
    const { message, raw } = response
    const options = {
      ...this.#marked(message.options, drawn),
      mop: drawn.report,
    } as unknown as MessageOptions
    return { ...response, message: { ...message, options }, raw: withReport(raw, drawn.report) }
  }

  override complete(
    params: LLMCompletionParamsStreaming & MopChatOptions,
  ): Promise<AsyncIterable<CompletionResponse>>
  override complete(params: LLMCompletionParamsNonStreaming & MopChatOptions): Promise<CompletionResponse>
  /** A chat of one message of the user. `raw` holds the report, in each piece of a stream too. */
  override async complete(
    params: (LLMCompletionParamsStreaming | LLMCompletionParamsNonStreaming) & MopChatOptions,
  ): Promise<AsyncIterable<CompletionResponse> | CompletionResponse> {
    const { prompt, stream, mop, responseFormat } = params
    const asked = {
      messages: [{ role: 'user' as const, content: prompt }],
      additionalChatOptions: { mop } as ChatOptions & MopChatOptions,
      ...(responseFormat !== undefined && { responseFormat }),
    }
    if (stream === true) return completions(await this.chat({ ...asked, stream: true }))
    const { message, raw } = await this.chat(asked)
    return { text: textOf(message.content), raw }
  }

  async #draw(
    messages: readonly ChatMessage<MessageOptions>[],
    options: MopOptions & MopCallOptions,
  ): Promise<DrawnPrompt | undefined> {
    // An agent has its last answer, without the question, turned into structured output: nothing to draw for.
    if (messages.at(-1)?.role === 'assistant' && !messages.some(isFromUser)) return undefined
    const conversation = conversationOf(messages)
    const run = options.redraw === true ? undefined : this.#runs.recall(messages)
    if (run === undefined) {
      return drawPrompt(this.#mixture, conversation, options)
    }
    const { template } = options
    return promptOfDraw(this.#mixture.mixture, run.draw, conversation, { seed: run.seed, template })
  }

  #marked(options: MessageOptions | undefined, { draw, report }: DrawnPrompt): MessageOptions | undefined {
    return options === undefined ? undefined : this.#runs.mark({ draw, seed: report.seed }, options)
  }

  async *#chunks(
    stream: AsyncIterable<ChatResponseChunk<MessageOptions>>,
    drawn: DrawnPrompt | undefined,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<ChatResponseChunk<MessageOptions>> {
    for await (const chunk of stream) {
      signal?.throwIfAborted()
      if (drawn === undefined) yield chunk
      else {
        const options = this.#marked(chunk.options, drawn)
        yield { ...chunk, ...(options && { options }), raw: withReport(chunk.raw, drawn.report) }
      }
    }
  }
}

async function* completions(stream: AsyncIterable<ChatResponseChunk>): AsyncGenerator<CompletionResponse> {
  for await (const { delta, raw } of stream) yield { text: delta, raw }
}

/** Without what is undefined, which must not hide a default. */
function given(options: MopCallOptions): MopCallOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
}
