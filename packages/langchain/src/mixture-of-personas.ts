import type { CallbackManagerForChainRun } from '@langchain/core/callbacks/manager'
import type { BaseLanguageModelInput } from '@langchain/core/language_models/base'
import type { BindToolsInput } from '@langchain/core/language_models/chat_models'
import type { AIMessageChunk, BaseMessage } from '@langchain/core/messages'
import { patchConfig, Runnable, type RunnableConfig } from '@langchain/core/runnables'
import type { InteropZodType } from '@langchain/core/utils/types'
import { drawPrompt, type DrawReport, InvalidArgumentError } from '@mop/core'
import { conversationOf, drawnMessages, messagesOf } from './drawn-messages.ts'
import { mapModel, type ModelAt, modelAt, type ModelLike } from './model-at.ts'
import { drawOptionsOf, type MopCallOptions, type MopFields } from './mop-call-options.ts'
import { withDraw } from './with-draw.ts'

export interface MixtureOfPersonasFields<Output> extends MopFields {
  readonly model: ModelAt<Output>
}

/**
 * A chat model whose every call is answered by a member of the population: it draws a persona and exemplars for the last user
 * message, puts them before the caller's messages and asks the model inside, at the draw's temperature.
 *
 * The draw is in `response_metadata.mop` (in the first chunk of a stream) and in the metadata of the model's run: ids, no texts.
 * Per call `configurable.mop` says `seed`, `given`, `persona` or `pairs`.
 * @throws InvalidArgumentError for an unknown persona or group, before the model is called. Errors of the model travel.
 */
export class MixtureOfPersonas<Output = AIMessageChunk> extends Runnable<
  BaseLanguageModelInput,
  Output,
  MopCallOptions
> {
  static override lc_name(): string {
    return 'MixtureOfPersonas'
  }
  override lc_namespace: string[] = ['mop', 'langchain']
  override lc_serializable = false
  readonly fields: MixtureOfPersonasFields<Output>

  constructor(fields: MixtureOfPersonasFields<Output>) {
    super()
    this.fields = fields
  }

  override invoke(input: BaseLanguageModelInput, options?: Partial<MopCallOptions>): Promise<Output> {
    const answer = async (
      given: BaseLanguageModelInput,
      config?: Partial<MopCallOptions>,
      runManager?: CallbackManagerForChainRun,
    ): Promise<Output> => {
      const { model, messages, report, inner } = await this.#draw(given, config, runManager)
      return withDraw(await model.invoke(messages, inner), report)
    }
    return this._callWithConfig(answer, input, options)
  }

  override async *_streamIterator(
    input: BaseLanguageModelInput,
    options?: Partial<MopCallOptions>,
  ): AsyncGenerator<Output> {
    const only = async function* (): AsyncGenerator<BaseLanguageModelInput> {
      yield input
    }
    yield* this._transformStreamWithConfig(only(), this.#answers.bind(this), options)
  }

  async *#answers(
    inputs: AsyncGenerator<BaseLanguageModelInput>,
    runManager?: CallbackManagerForChainRun,
    config?: Partial<MopCallOptions>,
  ): AsyncGenerator<Output> {
    for await (const input of inputs) {
      const { model, messages, report, inner } = await this.#draw(input, config, runManager)
      let first = true
      for await (const chunk of await model.stream(messages, inner)) {
        yield first ? withDraw(chunk, report) : chunk
        first = false
      }
    }
  }

  /** The same around the model with these tools. @throws InvalidArgumentError where the model takes none. */
  bindTools(tools: BindToolsInput[], kwargs?: Record<string, unknown>): MixtureOfPersonas<AIMessageChunk> {
    return this.#around((model) => called<AIMessageChunk>(model, 'bindTools', [tools, kwargs]))
  }

  /**
   * The same around the model with structured output. A parsed object alone has no place for the draw; with `includeRaw: true` it is
   * in `raw.response_metadata.mop`. @throws InvalidArgumentError where the model cannot.
   */
  withStructuredOutput<Parsed extends Record<string, unknown>>(
    schema: InteropZodType<Parsed> | Record<string, unknown>,
    config: Record<string, unknown> & { includeRaw: true },
  ): MixtureOfPersonas<{ raw: BaseMessage; parsed: Parsed }>
  withStructuredOutput<Parsed extends Record<string, unknown>>(
    schema: InteropZodType<Parsed> | Record<string, unknown>,
    config?: Record<string, unknown>,
  ): MixtureOfPersonas<Parsed>
  withStructuredOutput(
    schema: Record<string, unknown> | InteropZodType,
    config?: Record<string, unknown>,
  ): MixtureOfPersonas<unknown> {
    return this.#around((model) => called<unknown>(model, 'withStructuredOutput', [schema, config]))
  }

  #around<To>(change: (model: ModelLike<Output>) => ModelLike<To>): MixtureOfPersonas<To> {
    return new MixtureOfPersonas({ ...this.fields, model: mapModel(this.fields.model, change) })
  }

  async #draw(
    input: BaseLanguageModelInput,
    config: Partial<MopCallOptions> | undefined,
    runManager: CallbackManagerForChainRun | undefined,
  ): Promise<{
    readonly model: ModelLike<Output>
    readonly messages: BaseMessage[]
    readonly report: DrawReport
    readonly inner: Partial<RunnableConfig>
  }> {
    const given = messagesOf(input)
    const { report, ...prompt } = await drawPrompt(
      this.fields.mixture,
      conversationOf(given),
      drawOptionsOf(this.fields, config),
    )
    const { temperature } = report
    const patched = patchConfig(config, runManager === undefined ? {} : { callbacks: runManager.getChild() })
    const inner = { temperature, ...patched, metadata: { ...patched.metadata, mop: report } }
    return {
      model: modelAt(this.fields.model, { temperature }),
      messages: drawnMessages(prompt, given),
      report,
      inner,
    }
  }
}

/** The model's own method, which not every model has. */
function called<To>(model: object, method: string, given: readonly unknown[]): ModelLike<To> {
  const own: unknown = Reflect.get(model, method)
  if (typeof own === 'function') return own.apply(model, given) as ModelLike<To>
  throw new InvalidArgumentError({
    argument: 'model',
    expected: `a chat model with \`${method}\``,
    found: model.constructor.name,
  })
}
