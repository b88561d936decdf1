import { createHash } from 'node:crypto'
import * as v from 'valibot'
import { EncoderStateError } from '../errors/encoder-state-error.ts'
import { weightSlots } from './feature-weights.ts'
import { packFloats, packNibbles, unpackFloats, unpackNibbles } from './packed-values.ts'

export const mostBuckets = 16_384

/** Everything a latent semantic encoder needs, as JSON. Holds weights of hash buckets, no text of the records. */
export interface LatentSemanticState {
  readonly kind: 'latent-semantic'
  readonly version: 2
  /** d'. */
  readonly dimension: number
  /** Hash buckets that features fall into, at most 16,384. */
  readonly buckets: number
  /** How telling a feature is, 0 to 15, by the low 16 bits of its hash: 65,536 levels of 4 bits, base64. */
  readonly featureWeights: string
  /**
   * The direction of each bucket, to be scaled to unit length: `buckets` × `dimension` levels of 4 bits, bucket by bucket,
   * base64. Level 8 is zero.
   */
  readonly directions: string
  /** Mean unit vector of the fitted texts, taken off every vector: `dimension` float32, little endian, base64. */
  readonly mean: string
}

/** The numbers of a state. */
export interface LatentSemanticParameters {
  readonly dimension: number
  readonly buckets: number
  /** `weightSlots` levels from 0 to 15. */
  readonly featureWeights: Uint8Array
  /** `buckets` × `dimension` levels from 0 to 15. */
  readonly directions: Uint8Array
  readonly mean: Float32Array
}

export function packState(parameters: LatentSemanticParameters): LatentSemanticState {
  return {
    kind: 'latent-semantic',
    version: 2,
    dimension: parameters.dimension,
    buckets: parameters.buckets,
    featureWeights: packNibbles(parameters.featureWeights),
    directions: packNibbles(parameters.directions),
    mean: packFloats(parameters.mean),
  }
}

const stateSchema = v.object({
  kind: v.literal('latent-semantic'),
  version: v.literal(2),
  dimension: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(mostBuckets)),
  buckets: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(mostBuckets)),
  featureWeights: v.string(),
  directions: v.string(),
  mean: v.string(),
})

/** @throws EncoderStateError when the state is damaged, foreign or of another version. */
export function parseState(state: unknown): LatentSemanticState {
  const parsed = v.safeParse(stateSchema, state)
  if (parsed.success) return parsed.output
  const [issue] = parsed.issues
  throw new EncoderStateError(`has a wrong ${v.getDotPath(issue) ?? 'shape'}: ${issue.message}`)
}

/** @throws EncoderStateError when a field holds more or fewer numbers than belong, or one that is not finite. */
export function unpackState(state: LatentSemanticState): LatentSemanticParameters {
  const { dimension, buckets } = state
  return {
    dimension,
    buckets,
    featureWeights: unpackNibbles(state.featureWeights, weightSlots, 'featureWeights'),
    directions: unpackNibbles(state.directions, buckets * dimension, 'directions'),
    mean: unpackFloats(state.mean, dimension, 'mean'),
  }
}

/** The same for states with the same numbers, and for no others. */
export function stateId({
  dimension,
  buckets,
  featureWeights,
  directions,
  mean,
}: LatentSemanticState): string {
  const hash = createHash('sha256').update(JSON.stringify([dimension, buckets]))
  hash.update(featureWeights).update(directions).update(mean)
  return `latent-semantic-2-${dimension}@${hash.digest('hex').slice(0, 16)}`
}
