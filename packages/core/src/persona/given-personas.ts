import * as v from 'valibot'
import { PersonaError } from '../errors/persona-error.ts'
import type { Persona } from './persona.ts'

const entrySchema = v.union([v.string(), v.object({ id: v.optional(v.string()), text: v.string() })])

/**
 * Personas in the user's own words.
 *
 * @param source texts, `{id?, text}` objects, or a JSON text that holds a list of them. Ids default to
 * `persona-1`, `persona-2`, … Texts are kept as they are but for white space around them.
 * @throws PersonaError (`persona-invalid`) naming the entry.
 */
export function givenPersonas(
  source: string | readonly (string | { readonly id?: string; readonly text: string })[],
): readonly Persona[] {
  const entries: unknown = typeof source === 'string' ? parseJson(source) : source
  if (!Array.isArray(entries) || entries.length === 0) {
    throw new PersonaError({
      code: 'persona-invalid',
      message: `Personas must be a list of at least one; found ${Array.isArray(entries) ? 'an empty list' : typeof entries}.`,
      remedy: 'Give ["Writes …", …] or [{"id": "…", "text": "…"}, …].',
    })
  }
  const numbers = new Map<string, number>()
  return entries.map((entry: unknown, index): Persona => {
    const parsed = v.safeParse(entrySchema, entry)
    const given = parsed.success ? parsed.output : undefined
    const text = (typeof given === 'string' ? given : given?.text)?.trim()
    if (text === undefined || text === '') {
      throw new PersonaError({
        code: 'persona-invalid',
        message: `Persona ${index + 1} must be a text or {id?, text}; found ${text === '' ? 'an empty text' : JSON.stringify(entry)}.`,
        remedy: 'Say in a sentence or two how its members write and decide.',
      })
    }
    const id = (typeof given === 'object' ? given.id : undefined) ?? `persona-${index + 1}`
    const earlier = numbers.get(id)
    if (earlier !== undefined) {
      throw new PersonaError({
        code: 'persona-invalid',
        message: `Personas ${earlier} and ${index + 1} have the same id ${JSON.stringify(id)}.`,
        remedy: 'Give every persona an id of its own.',
      })
    }
    numbers.set(id, index + 1)
    return { id, text, provenance: { kind: 'given' } }
  })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new PersonaError({
      code: 'persona-invalid',
      message: `The personas are not valid JSON (${cause instanceof Error ? cause.message : String(cause)}).`,
      remedy: 'Give a JSON list of texts, or pass the texts themselves as a list.',
      cause,
    })
  }
}
