/** A text without so many of the spaces it begins with, or without those that it has. */
export function withoutSpaces(text: string, most: number): string {
  let start = 0
  while (start < most && text[start] === ' ') start++
  return text.slice(start)
}
