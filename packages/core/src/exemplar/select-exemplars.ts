import { InvalidArgumentError } from '../errors/invalid-argument-error.ts'
import type { Random } from '../random/random.ts'
import type { PopulationRecord } from '../record/population-record.ts'
import { allocateToStrata } from './allocate-to-strata.ts'
import type { Exemplar } from './exemplar.ts'
import { SimilarityFilter, textKey } from './similarity-filter.ts'
import { type StrataOptions, stratumNames } from './strata.ts'

export interface SelectExemplarsOptions {
  /** J, the exemplars wanted. Fewer come back when the population has no more distinct ones. */
  readonly size: number
  readonly strata?: StrataOptions
  /**
   * How J is divided: in proportion to the weight of the records of a stratum (default), equally, or by the
   * given numbers under the strata's names (relative: counts that sum to J are met exactly; 0 leaves one out).
   */
  readonly allocation?: 'proportional' | 'equal' | Readonly<Record<string, number>>
  /** Unit vectors, one per record: turns the dropping of near-duplicates on. */
  readonly embeddings?: readonly Float32Array[]
  /** Cosine from which two free texts are near-duplicates. Default 0.95. */
  readonly nearDuplicateThreshold?: number
  readonly random: Random
}

export interface StratumReport {
  readonly name: string
  /** Records of positive weight. */
  readonly records: number
  /** Its part of the population's total weight. */
  readonly share: number
  /** Its part of J before what the stratum can give is known. */
  readonly allocated: number
  readonly selected: number
}

export interface ExemplarPool {
  /** In the order of the records. */
  readonly exemplars: readonly Exemplar[]
  readonly report: {
    readonly requested: number
    readonly selected: number
    readonly strata: readonly StratumReport[]
    /** Records passed over because an exemplar says the same. */
    readonly exactDuplicates: number
    /** Records passed over because an exemplar's embedding is too close. */
    readonly nearDuplicates: number
  }
}

/**
 * A representative pool of exemplars (METHOD section 5): J is divided over the strata by largest remainder,
 * at least one for every stratum that has records, and within a stratum records are drawn without replacement
 * by weight (the exponential keys of Efraimidis and Spirakis 2006). What a stratum cannot fill goes to the others.
 *
 * Free texts: of records with the same text (but for case, white space and Unicode form) one is taken, and with
 * embeddings also of those whose cosine reaches the threshold. Closed answers (`choices` present): equal answers
 * of different respondents are different people, so an answer may stand several times in a stratum, at most its
 * own share of the stratum's quota, rounded up; the same answer of the same respondent counts once. A
 * stratum's first exemplar is taken in any case: presence goes before variety.
 *
 * @throws InvalidArgumentError when `size` is below the number of strata, or options do not fit the records.
 */
export function selectExemplars(
  records: readonly PopulationRecord[],
  options: SelectExemplarsOptions,
): ExemplarPool {
  const { size, random, embeddings } = options
  checkOptions(records, options)
  const names = stratumNames(records, options.strata ?? {})
  const strata = [...Map.groupBy(records.keys(), (index) => names[index] ?? '')]
    .map(([name, members]) => strataOf(records, name, members, random))
    .filter((stratum) => stratum.members.length > 0)
  const totalWeight = strata.reduce((sum, { weight }) => sum + weight, 0)
  const shares = sharesOf(strata, options.allocation ?? 'proportional')
  const wanted = shares.filter((share) => share > 0).length
  if (size < wanted) {
    throw new InvalidArgumentError({
      argument: 'size',
      expected: `at least ${wanted}, one for every stratum that has records`,
      found: size,
      remedy: 'Ask for more exemplars, or fewer attributes in `strata`.',
    })
  }
  const bounds = strata.map((stratum, index) => ({
    share: shares[index] ?? 0,
    least: (shares[index] ?? 0) > 0 ? 1 : 0,
    most: stratum.members.length,
  }))
  const allocated = allocateToStrata(bounds, size)
  const similarity = new SimilarityFilter(embeddings, options.nearDuplicateThreshold ?? 0.95)
  let quotas = allocated
  for (;;) {
    // Small strata choose first, so that a large one does not take what they have in common.
    const order = [...strata.keys()].toSorted((a, b) => (quotas[a] ?? 0) - (quotas[b] ?? 0))
    for (const index of order) fill(strata[index] as Stratum, quotas[index] ?? 0, records, similarity)
    const short = strata.some(({ selected }, index) => selected.length < (quotas[index] ?? 0))
    if (!short) break
    quotas = allocateToStrata(
      strata.map(({ selected, left }, index) => ({
        share: shares[index] ?? 0,
        least: selected.length,
        most: selected.length + left.length,
      })),
      size,
    )
  }
  const selected = strata.flatMap((stratum) => stratum.selected).toSorted((a, b) => a - b)
  return {
    exemplars: selected.map((index) => exemplarOf(records[index] as PopulationRecord)),
    report: {
      requested: size,
      selected: selected.length,
      strata: strata.map((stratum, index) => ({
        name: stratum.name,
        records: stratum.members.length,
        share: stratum.weight / totalWeight,
        allocated: allocated[index] ?? 0,
        selected: stratum.selected.length,
      })),
      exactDuplicates: similarity.exactDuplicates,
      nearDuplicates: similarity.nearDuplicates,
    },
  }
}

interface Stratum {
  readonly name: string
  /** Indices of its records of positive weight, in the random order in which they are tried. */
  readonly members: readonly number[]
  readonly weight: number
  /** Weight of each closed answer, by the key of `textKey`. */
  readonly answerWeights: ReadonlyMap<string, number>
  readonly selected: number[]
  readonly answerCounts: Map<string, number>
  left: number[]
}

function strataOf(
  records: readonly PopulationRecord[],
  name: string,
  members: Iterable<number>,
  random: Random,
): Stratum {
  const stream = random.fork(`stratum ${name}`)
  const keyed = [...members]
    .map((index) => ({ index, weight: records[index]?.weight ?? 1, key: -Math.log(1 - stream.next()) }))
    .filter(({ weight }) => weight > 0)
  const order = keyed.toSorted((a, b) => a.key / a.weight - b.key / b.weight).map(({ index }) => index)
  const answerWeights = new Map<string, number>()
  for (const { index, weight } of keyed) {
    const record = records[index] as PopulationRecord
    if (record.choices === undefined) continue
    const key = textKey(record)
    answerWeights.set(key, (answerWeights.get(key) ?? 0) + weight)
  }
  return {
    name,
    members: order,
    weight: keyed.reduce((sum, { weight }) => sum + weight, 0),
    answerWeights,
    selected: [],
    answerCounts: new Map(),
    left: order,
  }
}

/** Takes from what is left of a stratum until the quota is met. */
function fill(
  stratum: Stratum,
  quota: number,
  records: readonly PopulationRecord[],
  similarity: SimilarityFilter,
): void {
  const overLimit: number[] = []
  const take = (index: number): void => {
    const record = records[index] as PopulationRecord
    similarity.accept(record, index)
    stratum.selected.push(index)
    const key = textKey(record)
    stratum.answerCounts.set(key, (stratum.answerCounts.get(key) ?? 0) + 1)
  }
  const { left } = stratum
  let at = 0
  for (; at < left.length && stratum.selected.length < quota; at++) {
    const index = left[at] as number
    const record = records[index] as PopulationRecord
    if (stratum.selected.length > 0 && similarity.refuses(record, index)) continue
    const key = textKey(record)
    const answerWeight = stratum.answerWeights.get(key)
    const limit =
      answerWeight === undefined ? quota : Math.ceil((quota * answerWeight) / stratum.weight - 1e-9)
    if ((stratum.answerCounts.get(key) ?? 0) < limit) take(index)
    else overLimit.push(index)
  }
  // Heavy records of an answer may be too few for its share: others of the stratum fill its place.
  while (overLimit.length > 0 && stratum.selected.length < quota) {
    const index = overLimit.shift() as number
    if (!similarity.refuses(records[index] as PopulationRecord, index)) take(index)
  }
  stratum.left = [...overLimit, ...left.slice(at)]
}

function exemplarOf({ id, input, output, respondent, attributes }: PopulationRecord): Exemplar {
  return {
    id,
    input,
    output,
    ...(respondent === undefined ? {} : { respondent }),
    ...(attributes === undefined ? {} : { attributes }),
  }
}

function sharesOf(
  strata: readonly Stratum[],
  allocation: NonNullable<SelectExemplarsOptions['allocation']>,
): number[] {
  if (allocation === 'equal') return strata.map(() => 1)
  if (allocation === 'proportional') return strata.map(({ weight }) => weight)
  const names = new Set(strata.map(({ name }) => name))
  const unknown = Object.keys(allocation).find((name) => !names.has(name))
  const missing = strata.find(({ name }) => !Object.hasOwn(allocation, name))?.name
  if (unknown !== undefined || missing !== undefined) {
    throw new InvalidArgumentError({
      argument: 'allocation',
      expected: `a number for every stratum (${[...names].join('; ')})`,
      found: unknown === undefined ? `none for ${missing}` : `one for ${unknown}, which has no records`,
    })
  }
  return strata.map(({ name }) => {
    const share = allocation[name] ?? 0
    if (share >= 0 && Number.isFinite(share)) return share
    throw new InvalidArgumentError({
      argument: `allocation[${name}]`,
      expected: 'a finite number ≥ 0',
      found: share,
    })
  })
}

function checkOptions(records: readonly PopulationRecord[], options: SelectExemplarsOptions): void {
  const { size, embeddings, nearDuplicateThreshold: threshold = 0.95 } = options
  if (!Number.isInteger(size) || size < 1) {
    throw new InvalidArgumentError({ argument: 'size', expected: 'an integer ≥ 1', found: size })
  }
  if (!records.some(({ weight = 1 }) => weight > 0)) {
    throw new InvalidArgumentError({
      argument: 'records',
      expected: 'some of positive weight',
      found: `${records.length} records`,
    })
  }
  if (embeddings !== undefined && embeddings.length !== records.length) {
    throw new InvalidArgumentError({
      argument: 'embeddings',
      expected: `one for each of the ${records.length} records`,
      found: `${embeddings.length} embeddings`,
    })
  }
  if (!(threshold > 0 && threshold <= 1)) {
    throw new InvalidArgumentError({
      argument: 'nearDuplicateThreshold',
      expected: 'a cosine above 0, up to 1',
      found: threshold,
    })
  }
}
