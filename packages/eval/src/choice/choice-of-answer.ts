import { bareText } from '@mop/core'

/**
 * Which of the choices a free answer is, from 0; −1 for none. An answer is a choice where it is the same text without regard to case, white space
 * and punctuation at its ends, or else where it begins with the choice and a new word follows ("Yes, I do"): of several the longest.
 */
export function choiceOfAnswer(answer: string, choices: readonly string[]): number {
  const text = bareText(answer)
  const bare = choices.map(bareText)
  const same = bare.indexOf(text)
  if (same >= 0) return same
  let found = -1
  for (const [index, choice] of bare.entries()) {
    if (choice === '' || !text.startsWith(choice)) continue
    const next = text.slice(choice.length, choice.length + 1)
    if (/[\p{L}\p{N}]/u.test(next)) continue
    if (found < 0 || choice.length > (bare[found]?.length ?? 0)) found = index
  }
  return found
}
