/** exp of the entropy of shares: how many equal ones would be as diverse. */
export function effectiveCount(shares: ArrayLike<number>): number {
  return Math.exp(
    -Array.from(shares).reduce((sum, share) => sum + (share > 0 ? share * Math.log(share) : 0), 0),
  )
}
