/**
 * The arms that are drawn beside the real answers: the mixture, the bare model, and the first other that is neither, as far as there are
 * such. In this order.
 */
export function portrayedArms(names: readonly string[]): readonly string[] {
  const mixture = mixtureName(names)
  const bare = names.includes('bare') ? 'bare' : undefined
  const other = names.find((name) => name !== mixture && name !== bare)
  return [mixture, bare, other].filter((name) => name !== undefined)
}

/** The mixture with one pair a prompt or, without it, with several. */
export function mixtureName(names: readonly string[]): string | undefined {
  return names.find((name) => name === 'mixture') ?? names.find((name) => /^mixture-\d+$/.test(name))
}
