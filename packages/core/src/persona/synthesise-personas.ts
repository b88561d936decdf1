import { PersonaError } from '../errors/persona-error.ts'
import type { GenerateRequest, Generation, TextGenerator } from '../ports/text-generator.ts'
import { addUsage, noUsage, type Usage } from '../ports/usage.ts'
import { createRandom } from '../random/random.ts'
import { shuffle } from '../random/shuffle.ts'
import { uniformInt } from '../random/uniform-int.ts'
import type { PopulationRecord } from '../record/population-record.ts'
import { clusterRecords, type RecordCluster } from './cluster-records.ts'
import type { Persona } from './persona.ts'
import { personaPrompt, type PersonaPrompt, renderPersonaPrompt } from './persona-prompt.ts'

export interface SynthesisePersonasOptions {
  /** Clusters, and so personas. */
  readonly K: number
  readonly generator: TextGenerator
  readonly seed: number | string
  /** Default `personaPrompt`. */
  readonly prompt?: PersonaPrompt
  /** Records shown that stand nearest the centre. Default 8. */
  readonly nearest?: number
  /** Records shown that are drawn at random from the others of the cluster. Default 4. */
  readonly atRandom?: number
  /** Default 0.7. */
  readonly temperature?: number
  /** A longer reply is refused. Default 500. */
  readonly maximumCharacters?: number
  readonly signal?: AbortSignal
  /** Told of each persona as soon as it is written, so that nothing paid for is lost when a later one fails. */
  readonly onPersona?: (persona: Persona) => void
}

/**
 * One persona per K-means cluster of the records: a generator is shown the records nearest the centre and some
 * drawn at random, and writes one short description of how members write and decide (METHOD section 4).
 *
 * A reply must be one paragraph, not empty, not cut off and not too long. Where it is not, the generator is
 * asked once more with another seed.
 *
 * @param embeddings one unit vector per record.
 * @throws PersonaError (`persona-generation`) naming the clusters whose second reply will not do either, after all
 * others were told to `onPersona`; and whatever the generator throws.
 */
export async function synthesisePersonas(
  records: readonly PopulationRecord[],
  embeddings: readonly Float32Array[],
  options: SynthesisePersonasOptions,
): Promise<{ readonly personas: readonly Persona[]; readonly usage: Usage }> {
  const { generator, signal, maximumCharacters = 500, nearest = 8, atRandom = 4 } = options
  signal?.throwIfAborted()
  const random = createRandom(options.seed)
  const clusters = clusterRecords(records, embeddings, options.K, random.fork('clusters'))
  const shown = clusters.map(({ index, members }) => {
    const others = shuffle(random.fork(`shown ${index}`), members.slice(nearest))
    return [...members.slice(0, nearest), ...others.slice(0, atRandom)].flatMap(
      (member) => records[member] ?? [],
    )
  })
  const personas: (Persona | undefined)[] = clusters.map(() => undefined)
  const faults = new Map<number, { fault: string; reply: string }>()
  let usage = noUsage

  const accept = (cluster: RecordCluster, generation: Generation): void => {
    if (personas[cluster.index] !== undefined) return
    const text = tidy(generation.text)
    const fault = faultOf(text, generation, maximumCharacters)
    if (fault !== undefined) {
      faults.set(cluster.index, { fault, reply: generation.text })
      return
    }
    const persona: Persona = {
      id: `cluster-${cluster.index}`,
      text: text.replaceAll(/\s+/g, ' '),
      provenance: {
        kind: 'generated',
        cluster: cluster.index,
        size: cluster.members.length,
        recordIds: (shown[cluster.index] ?? []).map(({ id }) => id),
      },
    }
    faults.delete(cluster.index)
    personas[cluster.index] = persona
    options.onPersona?.(persona)
  }

  for (const attempt of ['first', 'second']) {
    const asked = clusters.filter(({ index }) => personas[index] === undefined)
    if (asked.length === 0) break
    const requests = asked.map(({ index }): GenerateRequest => ({
      messages: renderPersonaPrompt(options.prompt ?? personaPrompt, shown[index] ?? [], maximumCharacters),
      temperature: options.temperature ?? 0.7,
      seed: uniformInt(random.fork(`${attempt} reply ${index}`), 2 ** 31),
      maxTokens: maximumCharacters,
    }))
    const result = await generator.generate(requests, {
      ...(signal === undefined ? {} : { signal }),
      onGeneration: (position, generation) => accept(asked[position] as RecordCluster, generation),
    })
    usage = addUsage(usage, result.usage)
    for (const [position, generation] of result.generations.entries()) {
      accept(asked[position] as RecordCluster, generation)
    }
  }

  const [first] = faults
  if (first !== undefined) {
    const [cluster, { fault, reply }] = first
    throw new PersonaError({
      code: 'persona-generation',
      message: `${generator.id} wrote no usable persona for cluster ${[...faults.keys()].join(', ')}: for cluster ${cluster} the reply ${fault}.`,
      remedy:
        'Use a more capable `generator`, or one that is asked with another `prompt`, or describe the clusters by their statistics.',
      clusters: [...faults.keys()],
      reply,
    })
  }
  return { personas: personas.flatMap((persona) => persona ?? []), usage }
}

/** Models like to put quotes around what they were asked for. */
function tidy(reply: string): string {
  const text = reply.trim()
  return /^(["“]).*["”]$/s.test(text) && !/["“”]/.test(text.slice(1, -1)) ? text.slice(1, -1).trim() : text
}

function faultOf(text: string, { finishReason }: Generation, maximumCharacters: number): string | undefined {
  if (text === '') return 'is empty'
  if (finishReason === 'length') return 'was cut off at the limit of tokens'
  if (text.length > maximumCharacters) return `has ${text.length} characters, more than ${maximumCharacters}`
  return /\n\s*\n|\n\s*(?:[-*•]|\d+[.)])\s/.test(text) ? 'has more than one paragraph' : undefined
}
