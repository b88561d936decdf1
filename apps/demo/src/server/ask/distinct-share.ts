/** Share of the texts that are different ones; 0 where there are none. */
export function distinctShare(texts: readonly string[]): number {
  return texts.length === 0 ? 0 : new Set(texts.map((text) => text.trim())).size / texts.length
}
