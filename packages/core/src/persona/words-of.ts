/**
 * The words of a text in lower case: runs of letters, digits and apostrophes. Scripts without spaces between
 * words (Chinese, Japanese, Thai) give one word per run.
 */
export function wordsOf(text: string): readonly string[] {
  return (
    text
      .toLowerCase()
      .replaceAll('’', "'")
      .match(/[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}']*[\p{L}\p{M}\p{N}])?/gu) ?? []
  )
}
