import type { ToolCallLLMMessageOptions } from '@llamaindex/core/llms'
import type { BoundMixture } from '@mop/core'
import { type ChatModel, MopLLM } from './mop-llm.ts'
import type { MopOptions } from './mop-options.ts'

/**
 * The model as a crowd: each chat or completion is answered by a persona and an exemplar drawn from the mixture for the
 * user's last message, at the draw's temperature. An agent keeps one draw for its run. The draw is reported in
 * `response.raw.mop`; see `drawReport`.
 * @param mixture from core's `bindEncoder`.
 * @param options defaults for every call; one call's own stand in `additionalChatOptions.mop`.
 */
export function withMop<
  ChatOptions extends object = object,
  MessageOptions extends ToolCallLLMMessageOptions = ToolCallLLMMessageOptions,
>(
  llm: ChatModel<ChatOptions, MessageOptions>,
  mixture: BoundMixture,
  options: MopOptions = {},
): MopLLM<ChatOptions, MessageOptions> {
  return new MopLLM(llm, mixture, options)
}
