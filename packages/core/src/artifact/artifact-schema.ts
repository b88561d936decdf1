import * as v from 'valibot'
import type { MixtureProvenance } from '../mixture/mixture.ts'
import type { Persona } from '../persona/persona.ts'
import { isSeenRecords } from '../record/seen-records.ts'

/** Raised whenever an older reader would misread the file; `load-mixture.ts` says what it can still read. */
export const artifactVersion = 1 as const

type Attributes = Readonly<Record<string, string | number | boolean>>

/** The file, without its checksum. Numbers of the gate are little-endian float32 in base64. */
export interface Artifact {
  readonly mop: 'mixture'
  readonly version: typeof artifactVersion
  /** What a reader should know before passing the file on. */
  readonly contains: {
    readonly exemplarTexts: boolean
    readonly personaTexts: boolean
    readonly recordIds: boolean
    readonly respondents: boolean
    readonly attributes: boolean
    /** How attributes are spread within the personas; absent means no. */
    readonly attributeShares?: boolean | undefined
    /** Digests of the ids (and, unless texts are left out, respondents and texts) of the records it was fitted on; absent means no. */
    readonly recordDigests?: boolean | undefined
  }
  readonly encoder: { readonly id: string; readonly dimension: number; readonly state?: unknown }
  readonly personas: readonly Persona[]
  readonly exemplars: readonly {
    readonly id: string
    /** Digest of input and output: what the records given at load must match. */
    readonly digest: string
    readonly input?: string | undefined
    readonly output?: string | undefined
    readonly respondent?: string | undefined
    readonly attributes?: Attributes | undefined
  }[]
  readonly gate: {
    readonly rank: number
    readonly inputProjection: string
    readonly personaVectors: string
    readonly exemplarVectors: string
    readonly personaOffsets: string
    readonly exemplarOffsets: string
    readonly logTemperatures: string
  }
  /** P(value | persona), K × V. */
  readonly attributeShares?:
    | readonly {
        readonly name: string
        readonly values: readonly string[]
        readonly probabilities: string
      }[]
    | undefined
  readonly provenance: MixtureProvenance
  /** The fit's report, as data for people; loading does not depend on it. */
  readonly report?: unknown
}

const attributes = v.record(v.string(), v.union([v.string(), v.number(), v.boolean()]))
const count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(10_000_000))

const personaSchema = v.object({
  id: v.string(),
  text: v.string(),
  provenance: v.optional(
    v.object({
      kind: v.picklist(['given', 'attributes', 'generated', 'statistics']),
      cluster: v.optional(count),
      size: v.optional(count),
      recordIds: v.optional(v.array(v.string())),
      attributes: v.optional(attributes),
    }),
  ),
})

const exemplarSchema = v.object({
  id: v.string(),
  digest: v.string(),
  input: v.optional(v.string()),
  output: v.optional(v.string()),
  respondent: v.optional(v.string()),
  attributes: v.optional(attributes),
})

const artifactSchema = v.object({
  mop: v.literal('mixture'),
  version: v.literal(artifactVersion),
  contains: v.object({
    exemplarTexts: v.boolean(),
    personaTexts: v.boolean(),
    recordIds: v.boolean(),
    respondents: v.boolean(),
    attributes: v.boolean(),
    attributeShares: v.optional(v.boolean()),
    recordDigests: v.optional(v.boolean()),
  }),
  encoder: v.object({ id: v.string(), dimension: count, state: v.optional(v.unknown()) }),
  personas: v.pipe(v.array(personaSchema), v.minLength(1)),
  exemplars: v.array(exemplarSchema),
  gate: v.object({
    rank: count,
    inputProjection: v.string(),
    personaVectors: v.string(),
    exemplarVectors: v.string(),
    personaOffsets: v.string(),
    exemplarOffsets: v.string(),
    logTemperatures: v.string(),
  }),
  attributeShares: v.optional(
    v.array(
      v.object({
        name: v.string(),
        values: v.pipe(v.array(v.string()), v.minLength(1)),
        probabilities: v.string(),
      }),
    ),
  ),
  provenance: v.object({
    scorer: v.string(),
    template: v.string(),
    records: count,
    seed: v.string(),
    seen: v.optional(
      v.pipe(
        v.object({ ids: v.string(), respondents: v.optional(v.string()), texts: v.optional(v.string()) }),
        v.check(isSeenRecords, 'expected digests of 11 characters'),
      ),
    ),
  }),
  report: v.optional(v.unknown()),
})

/** Checks the parsed content of a file of this version. */
export function checkArtifact(
  content: unknown,
): { readonly artifact: Artifact } | { readonly field: string; readonly message: string } {
  const checked = v.safeParse(artifactSchema, content)
  if (checked.success) return { artifact: checked.output as Artifact }
  const [issue] = checked.issues
  return { field: v.getDotPath(issue) ?? 'the file', message: issue.message }
}
