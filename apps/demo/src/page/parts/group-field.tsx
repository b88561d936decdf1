import { type ReactNode, useId } from 'react'
import type { Given, MixtureSummary } from '../../api-contract.ts'

const prefix = 'group.'

/** The group of the address: `group.age=18-29` -> `{ age: '18-29' }`, as far as the mixture knows it. */
export function givenOf(mixture: MixtureSummary | undefined, parameters: URLSearchParams): Given | undefined {
  const entries = (mixture?.attributes ?? []).flatMap(({ name, values }): [string, string][] => {
    const value = parameters.get(prefix + name)
    return value !== null && values.includes(value) ? [[name, value]] : []
  })
  return entries.length === 0 ? undefined : Object.fromEntries(entries)
}

/** Everybody, or members of a group only. */
export function GroupField({
  mixture,
  parameters,
  set,
}: {
  readonly mixture: MixtureSummary
  readonly parameters: URLSearchParams
  readonly set: (changes: Readonly<Record<string, string | undefined>>) => void
}): ReactNode {
  const id = useId()
  if (mixture.attributes.length === 0) return null
  return (
    <fieldset className="group">
      <legend>Who answers</legend>
      {mixture.attributes.map(({ name, values }) => (
        <label key={name} htmlFor={`${id}-${name}`}>
          {name}
          <select
            id={`${id}-${name}`}
            value={parameters.get(prefix + name) ?? ''}
            onChange={(event) => set({ [prefix + name]: event.target.value })}
          >
            <option value="">everybody</option>
            {values.map((value) => (
              <option key={value}>{value}</option>
            ))}
          </select>
        </label>
      ))}
    </fieldset>
  )
}
