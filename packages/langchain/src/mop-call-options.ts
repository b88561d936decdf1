import type { BaseLanguageModelCallOptions } from '@langchain/core/language_models/base'
import type { BoundMixture, DrawPromptOptions } from '@mop/core'

/** What one call may say about its draw. */
export type MopOptions = Omit<DrawPromptOptions, 'template' | 'signal'>

/** Options of a call: those of the model inside, and `configurable.mop`, which reaches a step through any chain. */
export interface MopCallOptions extends BaseLanguageModelCallOptions {
  configurable?: Record<string, unknown> & { mop?: MopOptions }
}

/** A mixture, and what holds for every call that does not say otherwise. */
export interface MopFields extends Omit<DrawPromptOptions, 'signal'> {
  readonly mixture: BoundMixture
}

interface CallConfig {
  readonly configurable?: Readonly<Record<string, unknown>> | undefined
  readonly signal?: AbortSignal | undefined
}

/** The options of one draw: the call's own before the defaults. */
export function drawOptionsOf(fields: MopFields, config: CallConfig = {}): DrawPromptOptions {
  const { mixture: _, ...defaults } = fields
  const { mop = {} } = (config.configurable ?? {}) as { readonly mop?: MopOptions }
  return { ...defaults, ...mop, template: fields.template, signal: config.signal }
}
