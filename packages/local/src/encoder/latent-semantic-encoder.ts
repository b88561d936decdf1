import { createHash } from 'node:crypto'
import type { Encoder } from '@mop/core'
import * as v from 'valibot'
import { EncoderStateError } from '../errors/encoder-state-error.ts'
import { encodeTexts } from './encode-texts.ts'
import { mixBits, textFeatures } from './text-features.ts'
import { truncatedSvd } from './truncated-svd.ts'

/** Everything a latent semantic encoder needs, as JSON. Holds weights of hash buckets, no text of the records. */
export interface LatentSemanticState {
  readonly kind: 'latent-semantic'
  readonly version: 1
  /** d'. */
  readonly dimension: number
  /** Hash buckets that features fall into. */
  readonly buckets: number
  /** ln((1 + N) / (1 + texts with the bucket)) per bucket: `buckets` float32, little endian, base64. */
  readonly inverseDocumentFrequencies: string
  /** Right singular vectors, `buckets` × `dimension` float32, bucket by bucket, little endian, base64. */
  readonly projection: string
}

export interface LatentSemanticEncoder extends Encoder {
  readonly state: LatentSemanticState
}

export interface FitLatentSemanticEncoderOptions {
  /** d'. Default 64, and never more than the texts or their features allow. */
  readonly dimension?: number
  /** Seed of the randomised decomposition. Default 1. */
  readonly seed?: number
}

const buckets = 8192
const maxFittedTexts = 4000

/**
 * Latent semantic analysis (Deerwester et al. 1990) of the records' own texts: TF-IDF of hashed words, word pairs and
 * character n-grams in signed buckets (feature hashing, Weinberger et al. 2009), projected on the leading right singular vectors.
 * From more than 4,000 texts, 4,000 spread evenly over the list are used. Deterministic for texts, order and seed.
 */
export function fitLatentSemanticEncoder(
  texts: readonly string[],
  options: FitLatentSemanticEncoderOptions = {},
): LatentSemanticEncoder {
  const { dimension = 64, seed = 1 } = options
  if (texts.length === 0) throw new RangeError('A latent semantic encoder needs at least one text.')
  if (!Number.isInteger(dimension) || dimension < 1)
    throw new RangeError(`dimension must be a positive integer, not ${dimension}.`)
  const stride = Math.max(1, texts.length / maxFittedTexts)
  const used = Array.from(
    { length: Math.min(texts.length, maxFittedTexts) },
    (_, index) => texts[Math.floor(index * stride)] ?? '',
  )
  const inverseDocumentFrequencies = documentFrequencies(used).map((count) =>
    Math.log((1 + used.length) / (1 + count)),
  )
  const rows = used.map((text) => bucketVector(text, inverseDocumentFrequencies))
  const { rightVectors, singularValues } = truncatedSvd({ columns: buckets, rows }, dimension, seed)
  const rank = Math.max(1, singularValues.filter((value) => value > 1e-9 * (singularValues[0] ?? 0)).length)
  const projection = new Float32Array(buckets * rank)
  for (let k = 0; k < rank; k++) {
    for (let bucket = 0; bucket < buckets; bucket++)
      projection[bucket * rank + k] = rightVectors[k * buckets + bucket] ?? 0
  }
  return encoderFromState({
    kind: 'latent-semantic',
    version: 1,
    dimension: rank,
    buckets,
    inverseDocumentFrequencies: toBase64(inverseDocumentFrequencies),
    projection: toBase64(projection),
  })
}

const stateSchema = v.object({
  kind: v.literal('latent-semantic'),
  version: v.literal(1),
  dimension: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(buckets)),
  buckets: v.literal(buckets),
  inverseDocumentFrequencies: v.string(),
  projection: v.string(),
})

/**
 * The encoder of a saved state; the same vectors as the fitted one.
 * @throws EncoderStateError when the state is damaged, foreign or newer.
 */
export function encoderFromState(state: unknown): LatentSemanticEncoder {
  const parsed = v.safeParse(stateSchema, state)
  if (!parsed.success) {
    const [issue] = parsed.issues
    throw new EncoderStateError(`has a wrong ${v.getDotPath(issue) ?? 'shape'}: ${issue.message}`)
  }
  const { dimension } = parsed.output
  const inverseDocumentFrequencies = fromBase64(
    parsed.output.inverseDocumentFrequencies,
    buckets,
    'inverseDocumentFrequencies',
  )
  const projection = fromBase64(parsed.output.projection, buckets * dimension, 'projection')
  const hash = createHash('sha256').update(JSON.stringify([dimension, buckets]))
  hash.update(parsed.output.inverseDocumentFrequencies).update(parsed.output.projection)
  return {
    id: `latent-semantic-1-${dimension}@${hash.digest('hex').slice(0, 16)}`,
    dimension,
    state: parsed.output,
    encode: (texts, options) =>
      encodeTexts(
        texts,
        (text) => project(text, inverseDocumentFrequencies, projection, dimension),
        options?.signal,
      ),
  }
}

function documentFrequencies(texts: readonly string[]): Float32Array {
  const counts = new Float32Array(buckets)
  for (const text of texts) {
    const present = new Set<number>()
    for (const feature of textFeatures(text).keys()) present.add(feature % buckets)
    for (const bucket of present) counts[bucket] = (counts[bucket] as number) + 1
  }
  return counts
}

/** TF-IDF of a text in signed buckets, scaled to unit length. */
function bucketVector(
  text: string,
  frequencies: Float32Array,
): { indexes: Int32Array; values: Float64Array } {
  const sums = new Map<number, number>()
  let squares = 0
  for (const [feature, weight] of textFeatures(text)) {
    const bucket = feature % buckets
    const value = weight * (frequencies[bucket] as number)
    const sign = (mixBits(feature ^ 0x9e3779b1) & 1) === 1 ? 1 : -1
    sums.set(bucket, (sums.get(bucket) ?? 0) + sign * value)
    squares += value * value
  }
  const scale = squares > 0 ? 1 / Math.sqrt(squares) : 0
  return {
    indexes: Int32Array.from(sums.keys()),
    values: Float64Array.from(sums.values(), (value) => value * scale),
  }
}

function project(
  text: string,
  frequencies: Float32Array,
  projection: Float32Array,
  dimension: number,
): Float32Array {
  const vector = new Float32Array(dimension)
  const { indexes, values } = bucketVector(text, frequencies)
  for (const [entry, bucket] of indexes.entries()) {
    const value = values[entry] as number
    for (let k = 0; k < dimension; k++) {
      vector[k] = (vector[k] as number) + value * (projection[bucket * dimension + k] as number)
    }
  }
  return vector
}

function toBase64(values: Float32Array): string {
  const bytes = Buffer.alloc(values.length * 4)
  for (const [index, value] of values.entries()) bytes.writeFloatLE(value, index * 4)
  return bytes.toString('base64')
}

function fromBase64(text: string, length: number, field: string): Float32Array {
  const bytes = Buffer.from(text, 'base64')
  if (bytes.length !== length * 4) {
    throw new EncoderStateError(`holds ${bytes.length} bytes in ${field} where ${length * 4} belong`)
  }
  const values = Float32Array.from({ length }, (_, index) => bytes.readFloatLE(index * 4))
  if (!values.every((value) => Number.isFinite(value)))
    throw new EncoderStateError(`has a number in ${field} that is not finite`)
  return values
}
