/** Of the grid's length in log τ. A gate that starts at an end starts 2% inside, where τ can still move (`constantPoint`). */
const endShare = 0.03
const mostNamed = 5

/**
 * A warning for each end of the grid at which temperatures of personas stopped: the likelihood was still rising there. Nothing
 * where the grid is one temperature, which is given and not learned.
 * @param temperatures The grid, ascending.
 */
export function temperaturesAtEnds(
  temperatures: readonly number[],
  personas: readonly { readonly id: string; readonly temperature: number }[],
): readonly string[] {
  const low = temperatures[0] as number
  const high = temperatures.at(-1) as number
  if (low === high) return []
  const shareOf = (temperature: number): number => Math.log(temperature / low) / Math.log(high / low)
  const stepDown = low / (temperatures[1] as number)
  const stepUp = high / (temperatures.at(-2) as number)
  const ends = [
    {
      end: `the lowest of its grid (${low})`,
      beyond: 'lower',
      wider: [short(low * stepDown), ...temperatures],
      isHere: (share: number) => share <= endShare,
    },
    {
      end: `the highest of its grid (${high})`,
      beyond: 'higher',
      wider: [...temperatures, short(high * stepUp)],
      isHere: (share: number) => share >= 1 - endShare,
    },
  ]
  return ends.flatMap(({ end, beyond, wider, isHere }) => {
    const found = personas.filter(({ temperature }) => isHere(shareOf(temperature)))
    if (found.length === 0) return []
    return [
      `The temperature of ${named(found.map(({ id }) => id))} stopped at ${end}; a ${beyond} one may explain the records better. Widen the grid with \`temperatures\`, for example ${wider.join(',')} (all likelihoods are then computed anew).`,
    ]
  })
}

function named(ids: readonly string[]): string {
  const shown = ids.slice(0, mostNamed).map((id) => JSON.stringify(id))
  const more = ids.length - shown.length
  return `${ids.length === 1 ? 'persona' : 'personas'} ${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

function short(temperature: number): number {
  return Number(temperature.toPrecision(2))
}
