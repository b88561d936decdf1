import { allocateByLargestRemainder } from '../numeric/allocate-by-largest-remainder.ts'

export interface StratumBounds {
  /** Relative share ≥ 0. A stratum of share 0 gets its `least` and no more. */
  readonly share: number
  readonly least: number
  /** At least `least`. */
  readonly most: number
}

/**
 * Divides `size` over strata by largest remainder within bounds: where a quota breaks a bound it is set to the
 * bound, and the rest is divided again among the others. The sum is `size`, or what the bounds allow.
 */
export function allocateToStrata(strata: readonly StratumBounds[], size: number): number[] {
  const quotas = strata.map(({ share, least }) => (share > 0 ? undefined : least))
  for (;;) {
    const free = strata
      .map((stratum, index) => ({ ...stratum, index }))
      .filter(({ index }) => quotas[index] === undefined)
    if (free.length === 0) return quotas.map((quota) => quota ?? 0)
    const given = quotas.reduce<number>((sum, quota) => sum + (quota ?? 0), 0)
    const allocated = allocateByLargestRemainder(
      free.map(({ share }) => share),
      Math.max(0, size - given),
    )
    const excess = free.reduce((sum, { most }, at) => sum + Math.max(0, (allocated[at] ?? 0) - most), 0)
    const lack = free.reduce((sum, { least }, at) => sum + Math.max(0, least - (allocated[at] ?? 0)), 0)
    let settled = true
    for (const [at, { index, least, most }] of free.entries()) {
      const quota = allocated[at] ?? 0
      // Only the larger side is fixed in one pass: fixing it may cure the other.
      if (quota > most && excess >= lack) quotas[index] = most
      else if (quota < least && lack > excess) quotas[index] = least
      else continue
      settled = false
    }
    if (settled) {
      for (const [at, { index }] of free.entries()) quotas[index] = allocated[at] ?? 0
      return quotas.map((quota) => quota ?? 0)
    }
  }
}
