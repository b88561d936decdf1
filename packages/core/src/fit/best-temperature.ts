/** Points of the search between the ends of the grid. */
const steps = 32

/**
 * The temperature between the ends of an ascending grid at which `objective(log τ)` is largest: the best of 33 points
 * evenly spaced in log τ, and of the grid itself.
 */
export function bestTemperature(
  temperatures: readonly number[],
  objective: (logTemperature: number) => number,
): number {
  const low = Math.log(temperatures[0] as number)
  const high = Math.log(temperatures.at(-1) as number)
  const points = temperatures.map(Math.log)
  if (high > low) for (let s = 1; s < steps; s += 1) points.push(low + ((high - low) * s) / steps)
  let best = points[0] as number
  let bestValue = -Infinity
  for (const point of points) {
    const value = objective(point)
    if (value > bestValue) [best, bestValue] = [point, value]
  }
  return Math.exp(best)
}
