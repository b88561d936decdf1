import type { DrawPromptOptions, DrawReport } from '@mop/core'

/** What one call says in `additionalChatOptions.mop`; it wins over the options of `withMop`. */
export type MopCallOptions = DrawPromptOptions

/** Added to the chat options of a decorated model. They never reach the model itself. */
export interface MopChatOptions {
  readonly mop?: MopCallOptions | undefined
}

/** What a model may be told about the draw it answers for. */
export interface DrawnFor extends DrawReport {
  readonly signal: AbortSignal | undefined
}

/** Of `withMop`: defaults for every call, and how the model is called. */
export interface MopOptions extends Omit<DrawPromptOptions, 'signal'> {
  /**
   * The draw in the `additionalChatOptions` of the model's provider; they win over the caller's. Default
   * `({ temperature }) => ({ temperature })`, which OpenAI, Anthropic and the classes derived from them understand.
   */
  readonly chatOptions?: ((drawn: DrawnFor) => object) | undefined
  /** Draws anew for every call of an agent's run, instead of once for the run. Default false. */
  readonly redraw?: boolean | undefined
  /** Called with each call's report before the model is asked: for logs, where the framework drops it. */
  readonly onDraw?: ((report: DrawReport) => void) | undefined
}
