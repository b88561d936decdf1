import type { Exemplar, LikelihoodScorer, Persona, PopulationRecord, PromptTemplate } from '@mop/core'

export interface CostEstimate {
  /** Tokens that the model evaluates, with the prefixes it reuses. */
  readonly tokens: number
  readonly seconds: number
}

export interface ProbeOptions {
  readonly scorer: LikelihoodScorer
  readonly template: PromptTemplate
  readonly temperatures: readonly number[]
  readonly personas: readonly Persona[]
  readonly exemplars: readonly Exemplar[]
  readonly records: readonly PopulationRecord[]
  /** Likelihoods of the whole fit. */
  readonly calls: number
  /** About how many records are scored under one component in a row, which share its computed prefix. */
  readonly recordsPerComponent: number
  readonly now: () => number
  readonly signal?: AbortSignal
}

const probedComponents = 4
const mostRecordsPerComponent = 12

/**
 * What a fit will cost, from scoring a few real requests the way the fit will: some components, each with the
 * same few records. Nothing of it enters the likelihood table.
 */
export async function estimateCost(options: ProbeOptions): Promise<CostEstimate> {
  const { scorer, template, personas, exemplars, records, signal } = options
  const perComponent = Math.max(1, Math.min(mostRecordsPerComponent, Math.round(options.recordsPerComponent)))
  const requests = Array.from({ length: probedComponents }, (_, c) => {
    const persona = spread(personas, c, probedComponents)
    const exemplar = spread(exemplars, c, probedComponents)
    return Array.from({ length: perComponent }, (_, r) => {
      const record = spread(records, c * perComponent + r, probedComponents * perComponent)
      return {
        messages: template.render([{ persona, exemplar }], record?.input ?? ''),
        continuation: record?.output ?? '',
      }
    })
  }).flat()
  const { temperatures } = options
  const settings = { temperatures, ...(signal !== undefined && { signal }) }
  // The first request pays for what is loaded once.
  await scorer.score(requests.slice(0, 1), settings)
  const start = options.now()
  const { usage } = await scorer.score(requests, settings)
  const seconds = (options.now() - start) / 1000
  const share = options.calls / requests.length
  return { tokens: Math.round(usage.evaluatedTokens * share), seconds: seconds * share }
}

function spread<Value>(values: readonly Value[], index: number, of: number): Value | undefined {
  return values[Math.floor((index / of) * values.length)]
}
