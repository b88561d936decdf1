/**
 * Flag, then configuration file, then default: the first that is given. Fields that are undefined count as not given.
 * @param layers From strongest to weakest.
 */
export function settle<Defaults extends object, Given extends object>(
  defaults: Defaults,
  ...layers: readonly (Given | undefined)[]
): Defaults & Given {
  const settled: Record<string, unknown> = Object.fromEntries(Object.entries(defaults))
  for (const layer of layers.toReversed()) {
    for (const [name, value] of Object.entries(layer ?? {})) {
      if (value !== undefined) settled[name] = value
    }
  }
  return settled as Defaults & Given
}
