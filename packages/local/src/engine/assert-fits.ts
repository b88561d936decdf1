import { RequestTooLongError } from '@mop/core'
import type { LocalModel } from './local-model.ts'

/** @throws RequestTooLongError for more tokens, prompt and answer together, than the model's context holds. */
export function assertFits(
  model: Pick<LocalModel, 'contextSize' | 'trainedContextSize'>,
  tokens: number,
  requestIndex: number,
): void {
  const { contextSize: limit, trainedContextSize } = model
  if (tokens <= limit) return
  const remedy =
    limit < trainedContextSize
      ? `Shorten the texts, or load the model with a larger \`contextSize\`: it was trained on up to ${trainedContextSize} tokens.`
      : 'Shorten the texts: the model was trained on no more.'
  throw new RequestTooLongError({ requestIndex, tokens, limit, remedy })
}
