import type { Random } from './random.ts'

/** A standard normal draw. Always takes two numbers from the stream (Box and Muller, 1958; one of the pair is dropped). */
export function normal(random: Random): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random.next()))
  return radius * Math.cos(2 * Math.PI * random.next())
}
