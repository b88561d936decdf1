/** The oldest Node that `mop` runs on; the same as `engines` of the package. */
export const oldestNode = '22.18.0'

/** Whether `version` (`24.1.0`) is `oldest` or newer. */
export function isNodeNewEnough(version: string, oldest: string = oldestNode): boolean {
  const [found, needed] = [version, oldest].map((text) => text.split('.').map(Number))
  for (const [place, number] of (needed ?? []).entries()) {
    const other = found?.[place] ?? 0
    if (other !== number) return other > number
  }
  return true
}
