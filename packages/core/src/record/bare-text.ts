import { normalisedText } from './normalised-text.ts'

/** The normalised text without punctuation at its ends: how a free answer is matched to a choice. A text of nothing else stays. */
export function bareText(text: string): string {
  const plain = normalisedText(text)
  const bare = plain.replaceAll(/^[\p{P}\s]+|[\p{P}\s]+$/gu, '')
  return bare === '' ? plain : bare
}
