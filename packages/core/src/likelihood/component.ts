import type { Exemplar } from '../exemplar/exemplar.ts'
import type { Persona } from '../persona/persona.ts'
import { digest } from '../record/digest.ts'

/** The components (persona k, exemplar j) of a mixture, named by content for the likelihood table. */
export interface ComponentNames {
  /** Name of the pair; −1 stands for none: (−1, −1) is the bare model. */
  name(persona: number, exemplar: number): string
}

export async function nameComponents(
  personas: readonly Pick<Persona, 'text'>[],
  exemplars: readonly Pick<Exemplar, 'input' | 'output'>[],
): Promise<ComponentNames> {
  const personaNames = await Promise.all(personas.map((persona) => digest(persona.text)))
  const exemplarNames = await Promise.all(exemplars.map(({ input, output }) => digest(input, output)))
  return {
    name: (persona, exemplar) =>
      `${persona === -1 ? '' : personaNames[persona]}/${exemplar === -1 ? '' : exemplarNames[exemplar]}`,
  }
}
