import { InvalidArgumentError } from '../errors/invalid-argument-error.ts'
import type { Draw } from '../mixture/draw.ts'
import type { Mixture } from '../mixture/mixture.ts'
import type { DrawReport } from './draw-prompt.ts'

/**
 * The draw that a report tells of, for a later step of a run that kept nothing but the report. Of several pairs only the product
 * of the weights is known, and each gets an equal share of it.
 * @throws InvalidArgumentError where the mixture lacks a persona or exemplar of the report: it is another mixture's.
 */
export function drawOfReport(mixture: Mixture, report: DrawReport): Draw {
  const { personas, exemplars, probability, temperature } = report
  const weight = probability ** (1 / Math.max(1, personas.length))
  const pairs = personas.map((id, index) => {
    const exemplar = exemplars[index]
    return {
      persona: indexOf('personas', mixture.personas, id),
      exemplar: exemplar === undefined ? -1 : indexOf('exemplars', mixture.exemplars, exemplar),
      weight,
    }
  })
  return { pairs, temperature, probability }
}

function indexOf(of: 'personas' | 'exemplars', list: readonly { readonly id: string }[], id: string): number {
  const index = list.findIndex((one) => one.id === id)
  if (index >= 0) return index
  throw new InvalidArgumentError({
    argument: `report.${of}`,
    expected: 'of the mixture that the draw was made from',
    found: `${JSON.stringify(id)}, which this mixture does not have`,
  })
}
