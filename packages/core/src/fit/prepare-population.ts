import type { Exemplar } from '../exemplar/exemplar.ts'
import { exemplarText } from '../exemplar/exemplar.ts'
import { type ExemplarPool, selectExemplars } from '../exemplar/select-exemplars.ts'
import type { EncoderReference } from '../mixture/mixture.ts'
import { clusterRecords, type RecordCluster } from '../persona/cluster-records.ts'
import { describeClusters } from '../persona/describe-by-statistics.ts'
import type { Persona } from '../persona/persona.ts'
import type { PersonaPrompt } from '../persona/persona-prompt.ts'
import { synthesisePersonas } from '../persona/synthesise-personas.ts'
import type { Encoder } from '../ports/encoder.ts'
import type { TextGenerator } from '../ports/text-generator.ts'
import { addUsage, noUsage, type Usage } from '../ports/usage.ts'
import { createRandom } from '../random/random.ts'
import { normalisedText } from '../record/normalised-text.ts'
import type { PopulationRecord } from '../record/population-record.ts'
import { digestSeen, type SeenRecords } from '../record/seen-records.ts'
import { clusterRespondents } from './cluster-respondents.ts'
import type { RecordSplit } from './split-records.ts'

/** What a fit starts from. Made by `preparePopulation`, or by hand. */
export interface Population {
  readonly split: RecordSplit
  readonly personas: readonly Persona[]
  readonly exemplars: readonly Exemplar[]
  /** Names the encoder in the mixture, with the state that rebuilds it where it was fitted on records. */
  readonly encoder: EncoderReference
  /** Digests of what the mixture will have seen. Default those of the training and the validation part; what a persona quotes stands in no part. */
  readonly seen?: SeenRecords | undefined
}

export interface PreparePopulationOptions {
  /** `state` is kept in the mixture for encoders that were themselves fitted on records. */
  readonly encoder: Encoder & { readonly state?: unknown }
  readonly seed: number | string
  /** Given personas, or how many to synthesise from clusters of the training records. */
  readonly personas: readonly Persona[] | { readonly count: number }
  /**
   * A given pool, or how many records to select, over strata of these attributes; without any, over distinct inputs
   * where there are at most half as many as exemplars, else over embedding clusters.
   */
  readonly exemplars: readonly Exemplar[] | { readonly count: number; readonly strata?: readonly string[] }
  /** Writes the personas. Without one they are described by their clusters' statistics. */
  readonly generator?: TextGenerator | undefined
  readonly prompt?: PersonaPrompt | undefined
  /** Whether personas from statistics may quote a typical record. Default true. */
  readonly quoteRecords?: boolean | undefined
  readonly signal?: AbortSignal | undefined
}

export interface PreparedPopulation extends Population {
  /** Of the exemplars' selection; absent where they were given. */
  readonly selection?: ExemplarPool['report']
  readonly usage: Usage
}

/**
 * Personas and exemplars of a population, from the training part alone: what is validated and reported on has no
 * part in them. A free text that a persona quotes leaves every part, whoever said it, since a record must
 * never be explained by itself (METHOD section 3); it may still serve as an exemplar.
 */
export async function preparePopulation(
  split: RecordSplit,
  options: PreparePopulationOptions,
): Promise<PreparedPopulation> {
  const { encoder, signal } = options
  const { train } = split
  const random = createRandom(options.seed).fork('population')
  let usage = noUsage
  let encoded: readonly Float32Array[] | undefined
  const embeddings = async (): Promise<readonly Float32Array[]> => {
    if (encoded !== undefined) return encoded
    const result = await encoder.encode(train.map(exemplarText), signal === undefined ? {} : { signal })
    usage = addUsage(usage, result.usage)
    encoded = result.embeddings
    return encoded
  }

  let personas: readonly Persona[]
  let quoted: ReadonlySet<string> = new Set()
  if (!('count' in options.personas)) {
    personas = options.personas
  } else if (options.generator === undefined) {
    const clusters = clusterPopulation(
      train,
      await embeddings(),
      options.personas.count,
      random.fork('personas'),
    )
    const quoteRecords = options.quoteRecords ?? true
    personas = describeClusters(clusters, train, { private: !quoteRecords })
    if (quoteRecords) {
      const typical = clusters.flatMap(({ members }) => train[members[0] ?? -1] ?? [])
      quoted = quotedTexts(typical, train)
    }
  } else {
    const written = await synthesisePersonas(train, await embeddings(), {
      K: options.personas.count,
      generator: options.generator,
      seed: `${options.seed}`,
      ...(options.prompt === undefined ? {} : { prompt: options.prompt }),
      ...(signal === undefined ? {} : { signal }),
    })
    personas = written.personas
    usage = addUsage(usage, written.usage)
  }

  let exemplars: readonly Exemplar[]
  let selection: ExemplarPool['report'] | undefined
  if (!('count' in options.exemplars)) {
    exemplars = options.exemplars
  } else if (options.exemplars.count === 0) {
    exemplars = []
  } else {
    const { count, strata: attributes } = options.exemplars
    const vectors = await embeddings()
    const strata =
      attributes === undefined
        ? { labels: defaultStrata(train, vectors, count, () => random.fork('strata')) }
        : { attributes }
    const pool = selectExemplars(train, {
      size: count,
      strata,
      embeddings: vectors,
      random: random.fork('exemplars'),
    })
    exemplars = pool.exemplars
    selection = pool.report
  }
  const { id, dimension, state } = encoder
  const unquoted = (part: readonly PopulationRecord[]): readonly PopulationRecord[] =>
    part.filter(({ choices, output }) => choices !== undefined || !quoted.has(normalisedText(output)))
  return {
    split: {
      train: unquoted(train),
      validation: unquoted(split.validation),
      heldOut: unquoted(split.heldOut),
    },
    personas,
    exemplars,
    encoder: { id, dimension, ...(state !== undefined && { state }) },
    seen: await digestSeen([...train, ...split.validation]),
    ...(selection !== undefined && { selection }),
    usage,
  }
}

/** A text that several people say is quoted from nobody; only one that at most two records share counts as a copy. */
function quotedTexts(typical: readonly PopulationRecord[], train: readonly PopulationRecord[]): Set<string> {
  const counts = Map.groupBy(train, ({ output }) => normalisedText(output))
  const texts = typical.map(({ output }) => normalisedText(output))
  return new Set(texts.filter((text) => (counts.get(text)?.length ?? 0) <= 2))
}

function clusterPopulation(
  records: readonly PopulationRecord[],
  embeddings: readonly Float32Array[],
  count: number,
  random: ReturnType<typeof createRandom>,
): readonly RecordCluster[] {
  const respondents = new Set(records.flatMap(({ respondent }) => respondent ?? []))
  const severalEach =
    records.every(({ respondent }) => respondent !== undefined) && respondents.size * 2 <= records.length
  return severalEach
    ? clusterRespondents(records, embeddings, count, random)
    : clusterRecords(records, embeddings, count, random)
}

function defaultStrata(
  records: readonly PopulationRecord[],
  embeddings: readonly Float32Array[],
  count: number,
  random: () => ReturnType<typeof createRandom>,
): readonly (string | number)[] {
  const inputs = new Set(records.map(({ input }) => input))
  if (inputs.size * 2 <= count) return records.map(({ input }) => input)
  const labels = Array<number>(records.length).fill(0)
  const clusters = clusterRecords(records, embeddings, Math.max(1, Math.floor(count / 4)), random())
  for (const { index, members } of clusters) for (const member of members) labels[member] = index
  return labels
}
