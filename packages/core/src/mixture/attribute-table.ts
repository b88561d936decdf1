import { InvalidArgumentError } from '../errors/invalid-argument-error.ts'

/** How an attribute is spread within each persona: P(attribute = value | persona k), METHOD section 7. */
export interface AttributeTable {
  readonly name: string
  /** V distinct values. */
  readonly values: readonly string[]
  /** K × V, row k sums to 1. */
  readonly probabilities: Float64Array
}

/** A group of the population: one value for each attribute named, such as `{ age: '18-29' }`. */
export type GroupCondition = Readonly<Record<string, string | number | boolean>>

/**
 * log P(group | persona k), K values: attributes are taken as independent given the persona.
 * @throws InvalidArgumentError for an attribute or a value that the tables do not hold, listing what they do.
 */
export function logGroupLikelihood(
  tables: readonly AttributeTable[],
  group: GroupCondition,
  personas: number,
): Float64Array {
  const sum = new Float64Array(personas)
  for (const [name, wanted] of Object.entries(group)) {
    const table = tables.find((one) => one.name === name)
    if (table === undefined) {
      const known = tables.map((one) => one.name).join(', ')
      throw new InvalidArgumentError({
        argument: `given.${name}`,
        expected:
          known === '' ? 'absent: this mixture knows no attributes' : `one of the attributes ${known}`,
        found: JSON.stringify(name),
        remedy:
          known === ''
            ? 'Fit on records with attributes, without leaving them out of the mixture.'
            : 'Condition on an attribute that the records of the fit had.',
      })
    }
    const column = table.values.indexOf(String(wanted))
    if (column < 0) {
      throw new InvalidArgumentError({
        argument: `given.${name}`,
        expected: `one of ${table.values.map((value) => JSON.stringify(value)).join(', ')}`,
        found: JSON.stringify(wanted),
      })
    }
    for (let persona = 0; persona < personas; persona++) {
      const probability = table.probabilities[persona * table.values.length + column] as number
      sum[persona] = (sum[persona] as number) + Math.log(probability)
    }
  }
  return sum
}
