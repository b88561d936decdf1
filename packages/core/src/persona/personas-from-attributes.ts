import { InvalidArgumentError } from '../errors/invalid-argument-error.ts'
import type { PopulationRecord } from '../record/population-record.ts'
import type { Persona } from './persona.ts'

type Attributes = Readonly<Record<string, string | number | boolean>>

/**
 * One persona for each combination of the named attributes that records have, the heaviest first.
 *
 * @param template a text with `{attribute}` in place of each value (`unknown` where a record has none), or a
 * function of the combination. Default: `A person with age 18-29, gender female.`
 * @throws InvalidArgumentError for an attribute that no record has, or a template that names another one.
 */
export function personasFromAttributes(
  records: readonly PopulationRecord[],
  attributeNames: readonly string[],
  template: string | ((attributes: Attributes) => string) = describe,
): readonly Persona[] {
  if (attributeNames.length === 0) {
    throw new InvalidArgumentError({
      argument: 'attributeNames',
      expected: 'at least one name',
      found: 'none',
    })
  }
  for (const name of attributeNames) {
    if (records.some((record) => valueOf(record, name) !== undefined)) continue
    throw new InvalidArgumentError({
      argument: 'attributeNames',
      expected: 'attributes that records have',
      found: `${JSON.stringify(name)}, which none has`,
    })
  }
  const render = typeof template === 'string' ? rendererOf(template, attributeNames) : template
  const groups = Map.groupBy(records, (record) =>
    JSON.stringify(attributeNames.map((name) => valueOf(record, name) ?? null)),
  )
  return [...groups.values()]
    .map((members) => ({ members, weight: members.reduce((sum, { weight = 1 }) => sum + weight, 0) }))
    .toSorted((a, b) => b.weight - a.weight)
    .map(({ members }, index) => {
      const [first] = members
      const attributes = Object.fromEntries(
        attributeNames.flatMap((name) => {
          const value = first === undefined ? undefined : valueOf(first, name)
          return value === undefined ? [] : [[name, value] as const]
        }),
      )
      return {
        id: `attributes-${index + 1}`,
        text: render(attributes),
        provenance: {
          kind: 'attributes',
          attributes,
          size: members.length,
          recordIds: members.map(({ id }) => id),
        },
      }
    })
}

function describe(attributes: Attributes): string {
  const known = Object.entries(attributes).map(([name, value]) => `${name} ${value}`)
  return known.length === 0 ? 'A person of whom nothing is known.' : `A person with ${known.join(', ')}.`
}

function rendererOf(template: string, names: readonly string[]): (attributes: Attributes) => string {
  const unknown = [...template.matchAll(/\{([^{}]+)\}/g)].find(([, name]) => !names.includes(name ?? ''))
  if (unknown !== undefined) {
    throw new InvalidArgumentError({
      argument: 'template',
      expected: `a text that names only ${names.map((name) => `{${name}}`).join(', ')}`,
      found: unknown[0],
    })
  }
  return (attributes) =>
    template.replaceAll(/\{([^{}]+)\}/g, (_, name: string) => String(attributes[name] ?? 'unknown'))
}

function valueOf(record: PopulationRecord, name: string): string | number | boolean | undefined {
  const { attributes } = record
  return attributes !== undefined && Object.hasOwn(attributes, name) ? attributes[name] : undefined
}
