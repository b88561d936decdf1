import pMap from 'p-map'
import pRetry from 'p-retry'
import { ContractViolationError } from '../errors/contract-violation-error.ts'
import { RequestTooLongError } from '../errors/request-too-long-error.ts'
import { TextTooLongError } from '../errors/text-too-long-error.ts'
import { isTransient } from '../errors/is-transient.ts'
import { InvalidArgumentError } from '../errors/invalid-argument-error.ts'
import type { Draw } from '../mixture/draw.ts'
import type { GroupCondition } from '../mixture/attribute-table.ts'
import { bindEncoder } from '../mixture/bound-mixture.ts'
import type { Mixture } from '../mixture/mixture.ts'
import type { Encoder } from '../ports/encoder.ts'
import type { GenerateRequest, Generation, TextGenerator } from '../ports/text-generator.ts'
import { chatTemplate, type PromptTemplate } from '../prompt/prompt-template.ts'
import { createRandom } from '../random/random.ts'
import { type DrawMethod, planDraws, startOfInput } from '../sample/plan-draws.ts'
import { promptPairs } from '../mixture/prompt-pairs.ts'
import { reportOfDraw } from './draw-prompt.ts'
import type { SimulatedRow } from './simulated-row.ts'

export interface SimulationInput {
  /** Names the rows of this input. */
  readonly id: string
  readonly input: string
}

export interface SimulateOptions {
  readonly mixture: Mixture
  /** The encoder the mixture was fitted with. */
  readonly encoder: Encoder
  /** Any model: a mixture fitted with one is used, unchanged, with another. */
  readonly generator: TextGenerator
  readonly inputs: readonly SimulationInput[]
  /** Draws for each input. */
  readonly draws: number
  readonly seed: number | string
  /** Default `systematic`. */
  readonly method?: DrawMethod | undefined
  /** Only members of this group answer, such as `{ age: '18-29' }`. Default everybody. */
  readonly given?: GroupCondition | undefined
  /** L, components in one prompt. Default 1. */
  readonly pairs?: number | undefined
  readonly template?: PromptTemplate | undefined
  readonly maxTokens?: number | undefined
  /** Multiplies every τ_k, for use with another model. Default 1. */
  readonly temperatureScale?: number | undefined
  /** Requests under way at once, in calls of `batchSize`. Default 4. */
  readonly concurrency?: number | undefined
  /** Requests handed to the generator in one call, sorted by component so that it can reuse prefixes. Default 16. */
  readonly batchSize?: number | undefined
  /** Times a failed call is tried again, with exponential backoff, without what it had answered. Default 5. */
  readonly retries?: number | undefined
  /** Row ids that exist already: they are not generated again, and the others come out as if they had been. */
  readonly completed?: ReadonlySet<string> | undefined
  readonly signal?: AbortSignal | undefined
  /** Called with each row the moment it exists; what was paid for is to be kept here. */
  readonly onRow?: ((row: SimulatedRow) => void) | undefined
  readonly onProgress?: ((done: number, total: number) => void) | undefined
}

interface PlannedRow {
  readonly id: string
  readonly input: SimulationInput
  readonly draw: Draw
  readonly seed: number
}

/**
 * Draws (persona, exemplar, temperature) for each input and lets the generator answer (METHOD section 6).
 * @throws InvalidArgumentError, before the generator is asked, for inputs of the same id and an attribute or value in `given` that the
 * mixture does not know.
 * @throws TextTooLongError for an input that the model cannot take whole, where the generator says which request it is.
 * @returns the new rows in the order of inputs and draws; rows named in `completed` are not among them.
 */
export async function simulate(options: SimulateOptions): Promise<SimulatedRow[]> {
  const { mixture, generator, template = chatTemplate, signal, batchSize = 16 } = options
  if (!Number.isInteger(batchSize) || batchSize < 1) {
    throw new InvalidArgumentError({ argument: 'batchSize', expected: 'an integer ≥ 1', found: batchSize })
  }
  const planned = await planRows(options)
  const todo = planned.filter(({ id }) => options.completed?.has(id) !== true)
  const batches: PlannedRow[][] = []
  for (let start = 0; start < todo.length; start += batchSize) {
    batches.push(todo.slice(start, start + batchSize).toSorted(byComponent))
  }
  const rows = new Map<string, SimulatedRow>()
  const answer = async (batch: readonly PlannedRow[]): Promise<void> => {
    const left = batch.filter(({ id }) => !rows.has(id))
    const keep = (index: number, generation: Generation): void => {
      const plan = left[index]
      if (plan === undefined || rows.has(plan.id)) return
      const row = rowOf(plan, generation, options)
      rows.set(plan.id, row)
      options.onRow?.(row)
      options.onProgress?.(planned.length - todo.length + rows.size, planned.length)
    }
    const requests = left.map((plan): GenerateRequest => ({
      messages: template.render(promptPairs(mixture, plan.draw), plan.input.input),
      temperature: plan.draw.temperature * (options.temperatureScale ?? 1),
      seed: plan.seed,
      ...(options.maxTokens === undefined ? {} : { maxTokens: options.maxTokens }),
    }))
    const result = await generator
      .generate(requests, { ...(signal === undefined ? {} : { signal }), onGeneration: keep })
      .catch((error: unknown) => {
        throw namingInput(error, left, mixture)
      })
    for (const [index, generation] of result.generations.entries()) keep(index, generation)
    const answered = left.filter(({ id }) => rows.has(id)).length
    if (answered < left.length) {
      throw new ContractViolationError({
        law: `A generator answers every request (${generator.id})`,
        found: `${answered} generations for ${left.length} requests`,
      })
    }
  }
  await pMap(
    batches,
    (batch) =>
      pRetry(() => answer(batch), {
        retries: options.retries ?? 5,
        randomize: true,
        shouldRetry: ({ error }) => isTransient(error),
        ...(signal === undefined ? {} : { signal }),
      }),
    { concurrency: options.concurrency ?? 4, ...(signal === undefined ? {} : { signal }) },
  )
  return todo.flatMap(({ id }) => rows.get(id) ?? [])
}

async function planRows(options: SimulateOptions): Promise<PlannedRow[]> {
  const { mixture, inputs, draws, method = 'systematic', pairs = 1, given, signal } = options
  const ids = new Set(inputs.map(({ id }) => id))
  if (ids.size !== inputs.length) {
    throw new InvalidArgumentError({
      argument: 'inputs',
      expected: 'of distinct ids',
      found: `${inputs.length} inputs with ${ids.size} ids`,
    })
  }
  const bound = bindEncoder(mixture, options.encoder)
  const root = createRandom(options.seed)
  const first = root.fork('start').next()
  const planned: PlannedRow[] = []
  for (const [index, input] of inputs.entries()) {
    const random = root.fork(`draws of ${input.id}`)
    const x = await bound.embed(input.input, signal === undefined ? {} : { signal })
    const start = startOfInput(first, index)
    for (const [number, draw] of planDraws(mixture, x, {
      random,
      count: draws,
      method,
      pairs,
      given,
      start,
    }).entries()) {
      const id = `${input.id}:${number}`
      planned.push({ id, input, draw, seed: Math.floor(root.fork(`answer ${id}`).next() * 2 ** 31) })
    }
  }
  return planned
}

/** The error of a request that is too long as one of its input; any other error as it is. */
function namingInput(error: unknown, plans: readonly PlannedRow[], mixture: Mixture): unknown {
  if (!RequestTooLongError.isInstance(error)) return error
  const plan = plans[error.requestIndex]
  if (plan === undefined) return error
  const { tokens, limit } = error
  const { id } = plan.input
  const { personas, exemplars } = reportOfDraw(mixture, plan.draw, plan.seed)
  return new TextTooLongError({
    texts: [{ kind: 'input', id, field: 'input', tokens, personas, exemplars }],
    limit,
    cause: error,
  })
}

function rowOf(plan: PlannedRow, generation: Generation, options: SimulateOptions): SimulatedRow {
  const { mixture, generator } = options
  const { personas, exemplars, temperature, probability } = reportOfDraw(mixture, plan.draw, plan.seed)
  return {
    id: plan.id,
    inputId: plan.input.id,
    input: plan.input.input,
    output: generation.text,
    personas,
    exemplars,
    temperature: temperature * (options.temperatureScale ?? 1),
    probability,
    seed: plan.seed,
    model: generator.id,
    ...(options.given !== undefined && { given: options.given }),
    finishReason: generation.finishReason,
    usage: generation.usage,
  }
}

function byComponent(a: PlannedRow, b: PlannedRow): number {
  for (const [place, pair] of a.draw.pairs.entries()) {
    const other = b.draw.pairs[place]
    if (other === undefined) return 1
    const order = pair.persona - other.persona || pair.exemplar - other.exemplar
    if (order !== 0) return order
  }
  return 0
}
