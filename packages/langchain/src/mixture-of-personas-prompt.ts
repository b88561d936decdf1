import type { BaseLanguageModelInput } from '@langchain/core/language_models/base'
import { ChatPromptValue } from '@langchain/core/prompt_values'
import { Runnable } from '@langchain/core/runnables'
import { drawPrompt, type DrawReport } from '@mop/core'
import { conversationOf, drawnMessages, messagesOf } from './drawn-messages.ts'
import { drawOptionsOf, type MopCallOptions, type MopFields } from './mop-call-options.ts'

/** The messages of a drawn prompt, with the draw beside them. */
export class DrawnPromptValue extends ChatPromptValue {
  readonly mop: DrawReport

  constructor(messages: ReturnType<typeof drawnMessages>, report: DrawReport) {
    super(messages)
    this.mop = report
  }
}

class MixtureOfPersonasPrompt extends Runnable<BaseLanguageModelInput, DrawnPromptValue, MopCallOptions> {
  static override lc_name(): string {
    return 'MixtureOfPersonasPrompt'
  }
  override lc_namespace: string[] = ['mop', 'langchain']
  override lc_serializable = false
  readonly #fields: MopFields

  constructor(fields: MopFields) {
    super()
    this.#fields = fields
  }

  override invoke(
    input: BaseLanguageModelInput,
    options?: Partial<MopCallOptions>,
  ): Promise<DrawnPromptValue> {
    const draw = async (
      given: BaseLanguageModelInput,
      config?: Partial<MopCallOptions>,
    ): Promise<DrawnPromptValue> => {
      const messages = messagesOf(given)
      const { report, ...prompt } = await drawPrompt(
        this.#fields.mixture,
        conversationOf(messages),
        drawOptionsOf(this.#fields, config),
      )
      return new DrawnPromptValue(drawnMessages(prompt, messages), report)
    }
    return this._callWithConfig(draw, input, { ...options, runType: 'prompt' })
  }
}

/**
 * A prompt alone: a question or messages in, the drawn messages out, for `prompt.pipe(model).pipe(parser)`. The draw is in the value's
 * `mop`; a prompt cannot set the model's temperature, so asking at `mop.temperature` is left to you.
 * @throws InvalidArgumentError for an unknown persona or group.
 */
export function mixtureOfPersonasPrompt(
  fields: MopFields,
): Runnable<BaseLanguageModelInput, DrawnPromptValue, MopCallOptions> {
  return new MixtureOfPersonasPrompt(fields)
}
