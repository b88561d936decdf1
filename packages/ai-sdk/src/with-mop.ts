import type { LanguageModelV4 } from '@ai-sdk/provider'
import type { BoundMixture } from '@mop/core'
import { wrapLanguageModel } from 'ai'
import { requireModelObject } from './model-object.ts'
import { mopMiddleware } from './mop-middleware.ts'
import type { MopOptions } from './mop-options.ts'

/**
 * The model, answering as the mixture's population would: `wrapLanguageModel` with `mopMiddleware`. For generateText,
 * streamText, ToolLoopAgent and everything else that takes a model.
 * @throws InvalidArgumentError for a string id instead of a model object.
 */
export function withMop(
  model: LanguageModelV4,
  mixture: BoundMixture,
  options: MopOptions = {},
): LanguageModelV4 {
  requireModelObject('model', model)
  return wrapLanguageModel({ model, middleware: mopMiddleware(mixture, options) })
}
