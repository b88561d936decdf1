import pRetry from 'p-retry'
import { ContractViolationError } from '../errors/contract-violation-error.ts'
import { isTransient } from '../errors/is-transient.ts'
import { RequestTooLongError } from '../errors/request-too-long-error.ts'
import { TextTooLongError } from '../errors/text-too-long-error.ts'
import type { Exemplar } from '../exemplar/exemplar.ts'
import type { Persona } from '../persona/persona.ts'
import type { LikelihoodScorer, Score, ScoreRequest } from '../ports/likelihood-scorer.ts'
import { addUsage, noUsage, type Usage } from '../ports/usage.ts'
import type { PromptTemplate } from '../prompt/prompt-template.ts'
import type { ComponentNames } from './component.ts'
import { type Item, longerField } from './item.ts'
import type { LikelihoodTable } from './likelihood-table.ts'

/** One cell of the table to fill: item under (persona, exemplar); −1 stands for none. */
export interface ScoreTask {
  readonly item: Item
  readonly persona: number
  readonly exemplar: number
}

export interface ScoreComponentsOptions {
  readonly tasks: readonly ScoreTask[]
  readonly personas: readonly Persona[]
  readonly exemplars: readonly Exemplar[]
  readonly names: ComponentNames
  readonly table: LikelihoodTable
  readonly scorer: LikelihoodScorer
  readonly template: PromptTemplate
  readonly signal?: AbortSignal | undefined
  /** Requests handed to the scorer at once. Default 256. */
  readonly batchSize?: number | undefined
  /** Times a failed batch is tried again, without what it had already scored. Default 2. */
  readonly retries?: number | undefined
  readonly onProgress?: ((done: number, total: number) => void) | undefined
  /** Id of the record that says an item, for errors. */
  readonly idOf?: ((item: Item) => string | undefined) | undefined
}

/**
 * Fills the cells that the table does not hold yet, sorted by component so that an engine computes a shared
 * prefix once. Every score enters the table the moment it exists: an error, an abort or a kill loses none.
 * @returns what the new cells cost.
 * @throws TextTooLongError for a record that the model cannot take whole, where the scorer says which request it is.
 */
export async function scoreComponents(options: ScoreComponentsOptions): Promise<Usage> {
  const { table, names, scorer, template, personas, exemplars, signal, batchSize = 256 } = options
  const missing = missingTasks(options)
  const { temperatures } = table.header
  let usage = noUsage
  let done = 0
  for (let start = 0; start < missing.length; start += batchSize) {
    const batch = missing.slice(start, start + batchSize)
    const score = async (): Promise<void> => {
      const left = batch.filter((task) => !table.has(task.item.name, names.name(task.persona, task.exemplar)))
      const requests = left.map((task): ScoreRequest => {
        const persona = personas[task.persona]
        const exemplar = exemplars[task.exemplar]
        return {
          messages: template.render([{ persona, exemplar }], task.item.input),
          continuation: task.item.output,
        }
      })
      const keep = (index: number, { logLikelihoods, tokens }: Score): void => {
        const task = left[index]
        if (task === undefined) return
        const component = names.name(task.persona, task.exemplar)
        if (table.has(task.item.name, component)) return
        table.add({ item: task.item.name, component, logLikelihoods: [...logLikelihoods], tokens })
        done += 1
        options.onProgress?.(done, missing.length)
      }
      const result = await scorer
        .score(requests, { temperatures, ...(signal === undefined ? {} : { signal }), onScore: keep })
        .catch((error: unknown) => {
          throw namingRecord(error, left, options)
        })
      for (const [index, value] of result.scores.entries()) keep(index, value)
      usage = addUsage(usage, result.usage)
      const unscored = left.filter(
        ({ item, persona, exemplar }) => !table.has(item.name, names.name(persona, exemplar)),
      )
      if (unscored.length > 0) {
        throw new ContractViolationError({
          law: `A scorer scores every request (${scorer.id})`,
          found: `${left.length - unscored.length} scores for ${left.length} requests`,
        })
      }
    }
    await pRetry(score, {
      retries: options.retries ?? 2,
      shouldRetry: ({ error }) => isTransient(error),
      ...(signal === undefined ? {} : { signal }),
    })
  }
  return usage
}

/** The error of a request that is too long as one of its record; any other error as it is. */
function namingRecord(
  error: unknown,
  tasks: readonly ScoreTask[],
  { personas, exemplars, idOf }: Pick<ScoreComponentsOptions, 'personas' | 'exemplars' | 'idOf'>,
): unknown {
  if (!RequestTooLongError.isInstance(error)) return error
  const task = tasks[error.requestIndex]
  const id = task === undefined ? undefined : idOf?.(task.item)
  if (task === undefined || id === undefined) return error
  const { tokens, limit } = error
  return new TextTooLongError({
    texts: [
      {
        kind: 'record',
        id,
        field: longerField(task.item),
        tokens,
        personas: personas.slice(task.persona, task.persona + 1).map((persona) => persona.id),
        exemplars: exemplars.slice(task.exemplar, task.exemplar + 1).map((exemplar) => exemplar.id),
      },
    ],
    limit,
    cause: error,
  })
}

/** The tasks that the table lacks, without repeats, sorted by exemplar within persona, then by input. */
function missingTasks(
  options: Pick<ScoreComponentsOptions, 'tasks' | 'table' | 'names'>,
): readonly ScoreTask[] {
  const seen = new Set<string>()
  const missing = options.tasks.filter((task) => {
    const component = options.names.name(task.persona, task.exemplar)
    const key = `${task.item.name} ${component}`
    if (seen.has(key) || options.table.has(task.item.name, component)) return false
    seen.add(key)
    return true
  })
  const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
  return missing.toSorted(
    (a, b) =>
      a.persona - b.persona ||
      a.exemplar - b.exemplar ||
      order(a.item.input, b.item.input) ||
      order(a.item.name, b.item.name),
  )
}
