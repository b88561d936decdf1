import { digest } from '../record/digest.ts'
import type { Mixture } from '../mixture/mixture.ts'
import type { Persona } from '../persona/persona.ts'
import { type Artifact, artifactVersion } from './artifact-schema.ts'
import { encodeFloat32 } from './float32-base64.ts'

export interface SaveMixtureOptions {
  /**
   * `omit` leaves out what quotes or names members of the population: exemplar texts, respondents, attributes and their
   * shares within the personas, the record ids behind each persona, and the digests of respondents and texts. Loading then needs the records. Persona texts stay: describe
   * personas without quoting records where that matters. So do digests of the exemplars' texts and of the fitted records' ids: a text that can be guessed,
   * such as a closed answer, or an id that can, is known from them. Default `include`.
   */
  readonly exemplarTexts?: 'include' | 'omit'
  /** Stored for readers; any JSON value. */
  readonly report?: unknown
}

/** The mixture as one portable JSON text, with a checksum over its content. */
export async function saveMixture(mixture: Mixture, options: SaveMixtureOptions = {}): Promise<string> {
  const keepTexts = options.exemplarTexts !== 'omit'
  const { gate, encoder, provenance } = mixture
  const personas = mixture.personas.map(({ id, text, provenance: origin }): Persona => {
    if (origin === undefined || keepTexts) return { id, text, ...(origin && { provenance: copyOf(origin) }) }
    const { recordIds: _recordIds, ...rest } = copyOf(origin)
    return { id, text, provenance: rest }
  })
  const exemplars = await Promise.all(
    mixture.exemplars.map(async ({ id, input, output, respondent, attributes }) => ({
      id,
      digest: await digest(input, output),
      ...(keepTexts && {
        input,
        output,
        ...(respondent !== undefined && { respondent }),
        ...(attributes !== undefined && { attributes: { ...attributes } }),
      }),
    })),
  )
  const attributes = keepTexts
    ? mixture.attributes.map(({ name, values, probabilities }) => ({
        name,
        values,
        probabilities: encodeFloat32(probabilities),
      }))
    : []
  const artifact: Artifact = {
    mop: 'mixture',
    version: artifactVersion,
    contains: {
      exemplarTexts: keepTexts && exemplars.length > 0,
      personaTexts: personas.some(({ text }) => text !== ''),
      recordIds:
        exemplars.length > 0 || personas.some(({ provenance: origin }) => origin?.recordIds !== undefined),
      respondents: exemplars.some((exemplar) => 'respondent' in exemplar),
      attributes:
        exemplars.some((exemplar) => 'attributes' in exemplar) ||
        personas.some(({ provenance: origin }) => origin?.attributes !== undefined),
      ...(attributes.length > 0 && { attributeShares: true }),
      ...(provenance.seen !== undefined && { recordDigests: true }),
    },
    encoder: { ...encoder },
    personas,
    exemplars,
    gate: {
      rank: gate.d,
      inputProjection: encodeFloat32(gate.wx),
      personaVectors: encodeFloat32(gate.personas.data),
      exemplarVectors: encodeFloat32(gate.exemplars.data),
      personaOffsets: encodeFloat32(gate.personaOffsets),
      exemplarOffsets: encodeFloat32(gate.exemplarOffsets),
      logTemperatures: encodeFloat32(gate.logTemperatures),
    },
    ...(attributes.length > 0 && { attributeShares: attributes }),
    provenance: {
      ...provenance,
      ...(provenance.seen !== undefined && !keepTexts && { seen: { ids: provenance.seen.ids } }),
    },
    ...(options.report !== undefined && { report: options.report }),
  }
  const content = JSON.parse(JSON.stringify(artifact)) as object
  return `${JSON.stringify({ ...content, checksum: await digest(JSON.stringify(content)) }, undefined, 1)}\n`
}

function copyOf<Origin extends object>(origin: Origin): Origin {
  return JSON.parse(JSON.stringify(origin)) as Origin
}
