import { InvalidArgumentError } from '@mop/core'

/** Real responses with their log-likelihoods under the prompts of one way to simulate. */
export interface ScoredResponses {
  /**
   * log p(y_i | prompt m) in nats: an entry for each response, with a value for each of its M_i ≥ 1 prompts. The prompts are drawn as the
   * simulation draws them, so that each counts alike; −Infinity where the response is impossible.
   */
  readonly logLikelihoods: readonly ArrayLike<number>[]
  /** Tokens of each response, its end included. */
  readonly tokens: ArrayLike<number>
  /** Default 1 each. */
  readonly weights?: ArrayLike<number>
  /** Responses of one label were scored under the same prompts, place by place. Default each has prompts of its own. */
  readonly cells?: readonly string[]
}

/** @throws InvalidArgumentError where lengths differ, a response has no prompt, or a value is out of range. */
export function checkScored({ logLikelihoods, tokens, weights, cells }: ScoredResponses): void {
  const size = logLikelihoods.length
  const complain = (argument: string, expected: string, found: unknown): never => {
    throw new InvalidArgumentError({ argument, expected, found })
  }
  if (size === 0) complain('logLikelihoods', 'at least one response', 'none')
  for (const [argument, values] of Object.entries({ tokens, weights, cells })) {
    if (values !== undefined && values.length !== size)
      complain(argument, `as long as the ${size} responses`, values.length)
  }
  for (const [index, values] of logLikelihoods.entries()) {
    if (values.length === 0) complain(`logLikelihoods[${index}]`, 'at least one prompt', 'none')
    for (let prompt = 0; prompt < values.length; prompt++) {
      const value = values[prompt] as number
      if (!(value < Infinity)) complain(`logLikelihoods[${index}][${prompt}]`, 'a number below ∞', value)
    }
    const count = tokens[index] as number
    if (!(count > 0 && count < Infinity)) complain(`tokens[${index}]`, 'finite and above 0', count)
    const weight = weights?.[index] ?? 1
    if (!(weight >= 0 && weight < Infinity)) complain(`weights[${index}]`, 'finite and not negative', weight)
  }
}

/** The responses at these places. */
export function selectScored(sample: ScoredResponses, items: readonly number[]): ScoredResponses {
  const { logLikelihoods, tokens, weights, cells } = sample
  return {
    logLikelihoods: items.map((item) => logLikelihoods[item] as ArrayLike<number>),
    tokens: Float64Array.from(items, (item) => tokens[item] as number),
    ...(weights !== undefined && { weights: Float64Array.from(items, (item) => weights[item] as number) }),
    ...(cells !== undefined && { cells: items.map((item) => cells[item] as string) }),
  }
}
