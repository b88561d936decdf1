/** About how many tokens a text has, where nobody counted: four bytes each, at least one. */
export function estimateTokens(text: string): number {
  return Math.max(1, Math.ceil(new TextEncoder().encode(text).length / 4))
}
