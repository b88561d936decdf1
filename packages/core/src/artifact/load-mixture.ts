import { ArtifactError } from '../errors/artifact-error.ts'
import type { Exemplar } from '../exemplar/exemplar.ts'
import type { ProjectedGate } from '../gate/projected-gate.ts'
import { digest } from '../record/digest.ts'
import type { AttributeTable } from '../mixture/attribute-table.ts'
import { Mixture } from '../mixture/mixture.ts'
import type { PopulationRecord } from '../record/population-record.ts'
import { type Artifact, artifactVersion, checkArtifact } from './artifact-schema.ts'
import { decodeFloat32 } from './float32-base64.ts'

export interface LoadMixtureOptions {
  /** Named in errors. Default 'mixture'. */
  readonly file?: string
  /** Needed where the artifact was saved without exemplar texts. */
  readonly records?: readonly PopulationRecord[]
  /** Load although the content no longer matches its checksum. Default false. */
  readonly allowEdited?: boolean
}

export interface LoadedMixture {
  readonly mixture: Mixture
  readonly contains: Artifact['contains']
  /** The fit's report as it was saved; unchecked. */
  readonly report: unknown
}

/**
 * Reads what `saveMixture` wrote. The text is data only: nothing in it is run or reaches a prototype.
 * @throws ArtifactError for a truncated, foreign, newer, hand-edited or invalid file, or where records are needed.
 */
export async function loadMixture(text: string, options: LoadMixtureOptions = {}): Promise<LoadedMixture> {
  const { file = 'mixture' } = options
  const parsed = parse(text, file)
  const { checksum, ...content } = parsed
  assertKind(content, file)
  if (options.allowEdited !== true && checksum !== (await digest(JSON.stringify(content)))) {
    throw new ArtifactError({
      reason: 'edited',
      file,
      field: 'checksum',
      message: 'the content does not match its checksum: it was changed after it was saved.',
      remedy:
        'Take the file as it was saved, or fit again; a program whose change it is can load it with `allowEdited`.',
    })
  }
  const checked = checkArtifact(content)
  if (!('artifact' in checked)) throw invalid(file, checked.field, checked.message)
  const { artifact } = checked
  const mixture = new Mixture({
    personas: artifact.personas,
    exemplars: await exemplarsOf(artifact, file, options.records),
    gate: gateOf(artifact, file),
    encoder: artifact.encoder,
    provenance: artifact.provenance,
    attributes: attributesOf(artifact, file),
  })
  return { mixture, contains: artifact.contains, report: artifact.report }
}

function parse(text: string, file: string): Record<string, unknown> {
  let parsed: unknown
  try {
    parsed = JSON.parse(text, (key, value: unknown) => {
      if (key === '__proto__') throw invalid(file, '__proto__', 'a field of this name is not allowed')
      return value
    })
  } catch (cause) {
    if (ArtifactError.isInstance(cause)) throw cause
    const truncated = text.trimStart().startsWith('{') && !text.trimEnd().endsWith('}')
    throw new ArtifactError({
      reason: truncated ? 'truncated' : 'foreign',
      file,
      message: truncated
        ? `the file ends in the middle, after ${text.length} characters.`
        : `not JSON; it begins with ${JSON.stringify(text.slice(0, 40))}.`,
      remedy: truncated ? 'Copy the whole file again.' : 'Give a file that `saveMixture` or `mop fit` wrote.',
      cause,
    })
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw foreign(file, Array.isArray(parsed) ? 'a list' : `a ${typeof parsed}`)
  }
  return parsed as Record<string, unknown>
}

function assertKind(content: Record<string, unknown>, file: string): void {
  if (content['mop'] !== 'mixture') {
    const keys = Object.keys(content).slice(0, 5).join(', ')
    throw foreign(file, `an object with the fields ${keys === '' ? '(none)' : keys}`)
  }
  const version = content['version']
  if (typeof version === 'number' && version > artifactVersion) {
    throw new ArtifactError({
      reason: 'newer',
      file,
      field: 'version',
      message: `written in version ${version} of the format; this release reads up to ${artifactVersion}.`,
      remedy: 'Update @mop/core.',
    })
  }
}

function gateOf({ gate, encoder, personas, exemplars }: Artifact, file: string): ProjectedGate {
  const { rank } = gate
  const take = (field: keyof Omit<Artifact['gate'], 'rank'>, length: number): Float64Array => {
    const values = decodeFloat32(gate[field], length)
    if (values !== undefined) return values
    throw invalid(file, `gate.${field}`, `expected ${length} float32 numbers in base64`)
  }
  const finite = (field: keyof Omit<Artifact['gate'], 'rank'>, length: number): Float64Array => {
    const values = take(field, length)
    if (values.every(Number.isFinite)) return values
    throw invalid(file, `gate.${field}`, 'expected finite numbers')
  }
  const offsets = (field: 'personaOffsets' | 'exemplarOffsets', length: number): Float64Array => {
    const values = take(field, length)
    if (length === 0 || values.some(Number.isFinite)) return values
    throw invalid(file, `gate.${field}`, 'expected one of weight above zero')
  }
  const [k, j] = [personas.length, exemplars.length]
  return {
    d: rank,
    dPrime: encoder.dimension,
    wx: finite('inputProjection', rank * encoder.dimension),
    personas: { rows: k, columns: rank, data: finite('personaVectors', k * rank) },
    exemplars: { rows: j, columns: rank, data: finite('exemplarVectors', j * rank) },
    personaOffsets: offsets('personaOffsets', k),
    exemplarOffsets: offsets('exemplarOffsets', j),
    logTemperatures: finite('logTemperatures', k),
  }
}

function attributesOf({ attributeShares = [], personas }: Artifact, file: string): AttributeTable[] {
  return attributeShares.map(({ name, values, probabilities: encoded }, index) => {
    const field = `attributeShares[${index}].probabilities`
    const width = values.length
    const probabilities = decodeFloat32(encoded, personas.length * width)
    if (probabilities === undefined) {
      throw invalid(file, field, `expected ${personas.length * width} float32 numbers in base64`)
    }
    for (let persona = 0; persona < personas.length; persona++) {
      const row = probabilities.subarray(persona * width, (persona + 1) * width)
      const total = row.reduce((sum, value) => sum + value, 0)
      if (row.every((value) => value >= 0) && Math.abs(total - 1) < 1e-4) continue
      throw invalid(file, field, `expected shares that sum to 1 for persona ${persona}; found ${total}`)
    }
    return { name, values, probabilities }
  })
}

async function exemplarsOf(
  artifact: Artifact,
  file: string,
  records: readonly PopulationRecord[] | undefined,
): Promise<Exemplar[]> {
  const byId = new Map(records?.map((record) => [record.id, record]))
  return Promise.all(
    artifact.exemplars.map(async ({ digest: expected, ...exemplar }, index): Promise<Exemplar> => {
      const { id, input, output } = exemplar
      if (input !== undefined && output !== undefined) return { ...exemplar, input, output }
      const record = byId.get(id)
      if (record !== undefined && (await digest(record.input, record.output)) === expected) {
        const { respondent, attributes } = record
        return { id, input: record.input, output: record.output, respondent, attributes }
      }
      throw new ArtifactError({
        reason: 'records-needed',
        file,
        field: `exemplars[${index}]`,
        message:
          records === undefined
            ? 'it was saved without exemplar texts.'
            : `the records given ${record === undefined ? 'lack' : 'have another text for'} the exemplar ${JSON.stringify(id)}.`,
        remedy: 'Give the `records` it was fitted on.',
      })
    }),
  )
}

function invalid(file: string, field: string, why: string): ArtifactError {
  return new ArtifactError({
    reason: 'invalid',
    file,
    field,
    message: `the field ${field} is not as it should be: ${why}.`,
    remedy: 'Take the file as it was saved, or fit again.',
  })
}

function foreign(file: string, found: string): ArtifactError {
  return new ArtifactError({
    reason: 'foreign',
    file,
    field: 'mop',
    message: `not a mixture; found ${found}.`,
    remedy: 'Give a file that `saveMixture` or `mop fit` wrote.',
  })
}
