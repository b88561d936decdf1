import { type DrawPromptOptions, type GroupCondition, InvalidArgumentError } from '@mop/core'

/** Defaults for every call through a model; `providerOptions.mop` overrides them for one. */
export type MopOptions = Omit<DrawPromptOptions, 'signal'>

/** What one call may say in `providerOptions.mop`. */
export type MopCallOptions = {
  /** The same seed and input give the same draw. Default a fresh one, which the report names. */
  readonly seed?: number | string
  /** Draws a member of this group only, such as `{ age: '18-29' }`. */
  readonly given?: GroupCondition
  /** Fixes the persona, by its id. */
  readonly persona?: string
  /** L, components in the prompt. */
  readonly pairs?: number
}

const isText = (value: unknown): boolean => typeof value === 'string'
const isNumber = (value: unknown): boolean => typeof value === 'number' && Number.isFinite(value)
const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export function isSeed(value: unknown): value is number | string {
  return isText(value) || isNumber(value)
}

const rules: Readonly<Record<string, readonly [expected: string, holds: (value: unknown) => boolean]>> = {
  seed: ['a number or a string', isSeed],
  given: [
    'an object of attributes and their values, such as { "age": "18-29" }',
    (value) =>
      isRecord(value) && Object.values(value).every((one) => isSeed(one) || typeof one === 'boolean'),
  ],
  persona: ['the id of a persona', isText],
  pairs: ['an integer ≥ 1', isNumber],
}

/**
 * `providerOptions.mop` as it comes from outside. Which personas and groups there are is for the mixture to say.
 * @throws InvalidArgumentError for an unknown option or a value of another type.
 */
export function parseCallOptions(found: unknown): MopCallOptions {
  if (found === undefined) return {}
  if (!isRecord(found)) throw wrong('', 'an object', found)
  for (const [name, value] of Object.entries(found)) {
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined
    if (rule === undefined) throw wrong('', `an object of ${Object.keys(rules).join(', ')}`, name)
    const [expected, holds] = rule
    if (value !== undefined && !holds(value)) throw wrong(`.${name}`, expected, value)
  }
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined))
}

function wrong(name: string, expected: string, found: unknown): InvalidArgumentError {
  return new InvalidArgumentError({
    argument: `providerOptions.mop${name}`,
    expected,
    found: JSON.stringify(found),
  })
}
