import { createRandom, type Encoder, shuffle } from '@mop/core'
import { encodeTexts, unitVector } from './encode-texts.ts'
import { featureWeights } from './feature-weights.ts'
import type { LatentSemanticParameters, LatentSemanticState } from './latent-semantic-state.ts'
import { mostBuckets, packState, parseState, stateId, unpackState } from './latent-semantic-state.ts'
import { addSigns } from './random-signs.ts'
import { type TextFeatures, textFeatures } from './text-features.ts'
import type { SparseMatrix, TruncatedSvd } from './truncated-svd.ts'
import { truncatedSvd } from './truncated-svd.ts'

export interface LatentSemanticEncoder extends Encoder {
  readonly state: LatentSemanticState
}

export interface FitLatentSemanticEncoderOptions {
  /** d'. Default 64, and never more than the texts or their features allow. */
  readonly dimension?: number
  /** Seed of the randomised decomposition, and of the choice where there are more texts than are used. Default 1. */
  readonly seed?: number
}

const maxFittedTexts = 4000
const fewestBuckets = 256
/** Against 1 to 15 for a known feature. */
const unknownLevel = 0.05

/**
 * Latent semantic analysis (Deerwester et al. 1990) of the records' own texts, with features of equal say: TF-IDF of hashed
 * words, word pairs and character n-grams in signed buckets (feature hashing, Weinberger et al. 2009) is decomposed, and each
 * bucket keeps only the direction in which its texts lie. A text is the weighted mean of its features' directions, less the
 * mean of the fitted texts.
 *
 * Each distinct text counts once; of more than 4,000, 4,000 drawn by the seed are used. Deterministic for texts, order and seed.
 * Features that are not known point where their hashes say, with next to no weight: they tell texts apart, and decide only
 * where nothing else does. A text without any feature gets the constant unit vector.
 * @throws RangeError without any text, or for a dimension that is no positive integer.
 */
export function fitLatentSemanticEncoder(
  texts: readonly string[],
  options: FitLatentSemanticEncoderOptions = {},
): LatentSemanticEncoder {
  const { dimension = 64, seed = 1 } = options
  if (texts.length === 0) throw new RangeError('A latent semantic encoder needs at least one text.')
  if (!Number.isInteger(dimension) || dimension < 1)
    throw new RangeError(`dimension must be a positive integer, not ${dimension}.`)
  const distinct = [...new Set(texts)]
  const used =
    distinct.length > maxFittedTexts
      ? shuffle(createRandom(seed), distinct).slice(0, maxFittedTexts)
      : distinct
  const weights = featureWeights(used)
  const buckets = bucketCount(weights)
  const rows = used.map((text) => unitRow(knownFeatures(textFeatures(text), weights, buckets)))
  const decomposition = truncatedSvd({ columns: buckets, rows }, dimension, seed)
  const rank = numericalRank(decomposition)
  const directions = directionLevels(rows, textVectors(rows, decomposition, rank, buckets), rank, buckets)
  const unitDirections = unitRows(directions, rank)
  const mean = meanVector(
    rows.map((row) => toDirection(project(row, unitDirections, rank))),
    rank,
  )
  return encoderFromState(packState({ dimension: rank, buckets, featureWeights: weights, directions, mean }))
}

/**
 * The encoder of a saved state; the same vectors as the fitted one.
 * @throws EncoderStateError when the state is damaged, foreign or of another version.
 */
export function encoderFromState(state: unknown): LatentSemanticEncoder {
  const parsed = parseState(state)
  const parameters = unpackState(parsed)
  const { dimension } = parameters
  const directions = unitRows(parameters.directions, dimension)
  return {
    id: stateId(parsed),
    dimension,
    state: parsed,
    encode: (texts, options) =>
      encodeTexts(texts, (text) => centredVector(text, parameters, directions), options?.signal),
  }
}

function centredVector(
  text: string,
  { dimension, buckets, featureWeights: weights, mean }: LatentSemanticParameters,
  directions: Float32Array,
): Float32Array {
  const features = textFeatures(text)
  const vector = project(knownFeatures(features, weights, buckets), directions, dimension)
  addUnknownFeatures(vector, features, weights)
  if (isZero(vector)) return vector
  unitVector(vector)
  for (let k = 0; k < dimension; k++) vector[k] = (vector[k] as number) - (mean[k] as number)
  return vector
}

function addUnknownFeatures(vector: Float32Array, features: TextFeatures, weights: Uint8Array): void {
  const scale = unknownLevel / Math.sqrt(vector.length)
  for (let index = 0; index < features.hashes.length; index++) {
    const hash = features.hashes[index] as number
    if (weights[hash & 0xffff] === 0) addSigns(vector, hash, scale * (features.weights[index] as number))
  }
}

/** A power of two with room for every feature that counts, within bounds. */
function bucketCount(weights: Uint8Array): number {
  const features = weights.reduce((sum, level) => sum + (level > 0 ? 1 : 0), 0)
  let buckets = fewestBuckets
  while (buckets < features && buckets < mostBuckets) buckets *= 2
  return buckets
}

type SparseRow = SparseMatrix['rows'][number]

/** TF-IDF of known features in signed buckets. Slot, sign and bucket come from disjoint bits of a hash. */
function knownFeatures(features: TextFeatures, weights: Uint8Array, buckets: number): SparseRow {
  const sums = new Map<number, number>()
  for (let index = 0; index < features.hashes.length; index++) {
    const hash = features.hashes[index] as number
    const level = weights[hash & 0xffff] as number
    if (level === 0) continue
    const value = level * (features.weights[index] as number)
    const bucket = (hash >>> 18) % buckets
    sums.set(bucket, (sums.get(bucket) ?? 0) + ((hash & 0x10000) === 0 ? value : -value))
  }
  return { indexes: Int32Array.from(sums.keys()), values: Float64Array.from(sums.values()) }
}

function unitRow({ indexes, values }: SparseRow): SparseRow {
  const squares = values.reduce((sum, value) => sum + value * value, 0)
  const scale = squares > 0 ? 1 / Math.sqrt(squares) : 0
  return { indexes, values: values.map((value) => value * scale) }
}

function numericalRank({ singularValues }: TruncatedSvd): number {
  const [largest = 0] = singularValues
  return Math.max(1, singularValues.filter((value) => value > 1e-9 * largest).length)
}

/** Texts on the leading right singular vectors, each scaled to unit length. */
function textVectors(
  rows: readonly SparseRow[],
  { rightVectors }: TruncatedSvd,
  rank: number,
  buckets: number,
): Float32Array[] {
  const byBucket = new Float32Array(buckets * rank)
  for (let k = 0; k < rank; k++) {
    for (let bucket = 0; bucket < buckets; bucket++)
      byBucket[bucket * rank + k] = rightVectors[k * buckets + bucket] ?? 0
  }
  return rows.map((row) => toDirection(project(row, byBucket, rank)))
}

/** Where the texts of each bucket lie from the middle of all, the largest entry 7 levels from zero, which is level 8. */
function directionLevels(
  rows: readonly SparseRow[],
  vectors: readonly Float32Array[],
  rank: number,
  buckets: number,
): Uint8Array {
  const mean = meanVector(vectors, rank)
  const sums = new Float64Array(buckets * rank)
  for (const [text, { indexes, values }] of rows.entries()) {
    const vector = vectors[text] as Float32Array
    for (let entry = 0; entry < indexes.length; entry++) {
      const value = values[entry] as number
      const to = (indexes[entry] as number) * rank
      for (let k = 0; k < rank; k++)
        sums[to + k] = (sums[to + k] as number) + value * ((vector[k] as number) - (mean[k] as number))
    }
  }
  const levels = new Uint8Array(buckets * rank)
  for (let start = 0; start < levels.length; start += rank) {
    const row = sums.subarray(start, start + rank)
    const largest = row.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
    const scale = largest > 1e-12 ? 7 / largest : 0
    for (let k = 0; k < rank; k++) levels[start + k] = 8 + Math.round((row[k] as number) * scale)
  }
  return levels
}

function unitRows(levels: Uint8Array, dimension: number): Float32Array {
  const rows = Float32Array.from(levels, (level) => level - 8)
  for (let start = 0; start < rows.length; start += dimension)
    toDirection(rows.subarray(start, start + dimension))
  return rows
}

function project({ indexes, values }: SparseRow, directions: Float32Array, dimension: number): Float32Array {
  const vector = new Float32Array(dimension)
  for (let entry = 0; entry < indexes.length; entry++) {
    const value = values[entry] as number
    const from = (indexes[entry] as number) * dimension
    for (let k = 0; k < dimension; k++)
      vector[k] = (vector[k] as number) + value * (directions[from + k] as number)
  }
  return vector
}

/** Scales to unit length in place; the zero vector stays. */
function toDirection(vector: Float32Array): Float32Array {
  return isZero(vector) ? vector : unitVector(vector)
}

function isZero(vector: Float32Array): boolean {
  return vector.every((value) => value === 0)
}

/** Mean of the vectors that are not zero. */
function meanVector(vectors: readonly Float32Array[], dimension: number): Float32Array {
  const mean = new Float32Array(dimension)
  const counted = vectors.filter((vector) => !isZero(vector))
  for (const vector of counted) {
    for (let k = 0; k < dimension; k++) mean[k] = (mean[k] as number) + (vector[k] as number) / counted.length
  }
  return mean
}
