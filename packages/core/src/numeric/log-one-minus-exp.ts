/** log(1 − exp(x)) for x ≤ 0, accurate at both ends (Mächler, 2012, "Accurately computing log(1 − exp(−|a|))"). */
export function logOneMinusExp(x: number): number {
  return x > -Math.LN2 ? Math.log(-Math.expm1(x)) : Math.log1p(-Math.exp(x))
}
