import type { BaseLanguageModelInput } from '@langchain/core/language_models/base'
import type { RunnableInterface } from '@langchain/core/runnables'

/** What a call asks of the model besides its messages. */
export interface ModelSettings {
  /** τ of the draw. */
  readonly temperature: number
  readonly seed?: number
  readonly maxTokens?: number
}

/** A chat model or whatever was made of one (`bindTools`, `withStructuredOutput`, `withRetry`): all that is called are these two. */
export type ModelLike<Output> = Pick<RunnableInterface<BaseLanguageModelInput, Output>, 'invoke' | 'stream'>

/**
 * A model, which then gets the settings as call options (`temperature`, `seed`, `maxTokens`); or a function that gives the model for
 * some settings. Most integrations, `ChatOpenAI` and `ChatAnthropic` among them, take a temperature only when they are made:
 * for these give the function, such as `({ temperature }) => new ChatOpenAI({ model, temperature })`.
 */
export type ModelAt<Output> = ModelLike<Output> | ((settings: ModelSettings) => ModelLike<Output>)

export function modelAt<Output>(model: ModelAt<Output>, settings: ModelSettings): ModelLike<Output> {
  return typeof model === 'function' ? model(settings) : model
}

/** The same change made to a model, now or whenever it is given. */
export function mapModel<From, To>(
  model: ModelAt<From>,
  change: (model: ModelLike<From>) => ModelLike<To>,
): ModelAt<To> {
  return typeof model === 'function' ? (settings) => change(model(settings)) : change(model)
}
