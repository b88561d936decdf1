import { type RecordPlace, TextTooLongError } from '@mop/core'
import type { OpenedModel } from '../models/open-model.ts'

/**
 * An error of texts that the model cannot take whole, with the lines on which they stand and the flag that helps; any other
 * error as it is.
 */
export function withWayOut(
  error: unknown,
  { contextSize, trainedContextSize }: Pick<OpenedModel, 'contextSize' | 'trainedContextSize'>,
  placeOf?: (id: string) => RecordPlace | undefined,
): unknown {
  if (!TextTooLongError.isInstance(error)) return error
  const remedy =
    contextSize < trainedContextSize
      ? `Shorten or leave out what is too long, or give a larger --context: this model was trained on up to ${trainedContextSize} tokens.`
      : 'Shorten or leave out what is too long, or give a --model that takes more: this one was trained on no more.'
  return error.with({ remedy, ...(placeOf !== undefined && { placeOf }) })
}
