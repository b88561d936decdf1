import type { LikelihoodScorer, TextGenerator } from '@mop/core'
import { parseModelUri } from './model-uri.ts'

export interface OpenedModel extends AsyncDisposable {
  readonly id: string
  /** The model that comes with `@mop/local`. */
  readonly shipped: boolean
  /** Tokens that it takes at once, and those of the texts that it was trained on. */
  readonly contextSize: number
  readonly trainedContextSize: number
  readonly scorer: LikelihoodScorer
  readonly generator: TextGenerator
}

/**
 * Loads the engine on demand, so that `--help` stays quick.
 * @throws UsageError for an unknown URI, ModelFileError for a file that is no model.
 */
export async function openModel(uri: string, contextSize?: number): Promise<OpenedModel> {
  const { path } = parseModelUri(uri)
  const { createLocalGenerator, createLocalScorer, loadLocalModel } = await import('@mop/local')
  const model = await loadLocalModel({ model: path, contextSize })
  return {
    id: model.id,
    shipped: path === undefined,
    contextSize: model.contextSize,
    trainedContextSize: model.trainedContextSize,
    scorer: createLocalScorer(model),
    generator: createLocalGenerator(model),
    [Symbol.asyncDispose]: () => model.dispose(),
  }
}
