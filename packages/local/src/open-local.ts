import type { LikelihoodScorer, TextGenerator } from '@mop/core'
import { loadLocalModel } from './engine/local-model.ts'
import type { LoadLocalModelOptions, LocalModel } from './engine/local-model.ts'
import { createLocalGenerator } from './generator/local-generator.ts'
import { createLocalScorer } from './scorer/local-scorer.ts'

/** A loaded model with the two ports of core over it. */
export interface Local extends AsyncDisposable {
  readonly model: LocalModel
  readonly scorer: LikelihoodScorer
  readonly generator: TextGenerator
  dispose(): Promise<void>
}

/** Loads a model (default: the shipped one) and puts scorer and generator over it. */
export async function openLocal(options: LoadLocalModelOptions = {}): Promise<Local> {
  const model = await loadLocalModel(options)
  const dispose = (): Promise<void> => model.dispose()
  return {
    model,
    scorer: createLocalScorer(model),
    generator: createLocalGenerator(model),
    dispose,
    [Symbol.asyncDispose]: dispose,
  }
}
