import { InvalidArgumentError } from '../errors/invalid-argument-error.ts'
import type { GroupCondition } from '../mixture/attribute-table.ts'
import { bindEncoder } from '../mixture/bound-mixture.ts'
import type { WeightedComponent } from '../mixture/draw.ts'
import type { Mixture } from '../mixture/mixture.ts'
import { promptPairs } from '../mixture/prompt-pairs.ts'
import { softmax } from '../numeric/softmax.ts'
import type { Encoder } from '../ports/encoder.ts'
import type { LikelihoodScorer } from '../ports/likelihood-scorer.ts'
import { addUsage, noUsage, type Usage } from '../ports/usage.ts'
import { chatTemplate, type PromptTemplate } from '../prompt/prompt-template.ts'
import { createRandom } from '../random/random.ts'
import { aggregateChoices, type ComponentAnswer } from './aggregate-choices.ts'
import type { ChoiceDistribution } from './choice-distribution.ts'

export interface PopulationAnswerOptions {
  readonly mixture: Mixture
  /** The encoder the mixture was fitted with. */
  readonly encoder: Encoder
  readonly scorer: LikelihoodScorer
  readonly question: string
  /** The closed answers, in order. At least two, all different. */
  readonly choices: readonly string[]
  /** Members of this group only, such as `{ age: '18-29' }` (see `ConditionOptions`). */
  readonly given?: GroupCondition | undefined
  /** Components drawn where there are more than so many; else all are used and nothing is estimated. Default 64. */
  readonly components?: number | undefined
  readonly seed: number | string
  readonly template?: PromptTemplate | undefined
  /** Of the intervals. Default 0.95. */
  readonly confidence?: number | undefined
  readonly signal?: AbortSignal | undefined
}

export interface PopulationAnswer extends ChoiceDistribution {
  /** Whether every component was asked, or some were drawn and stand for the others too. */
  readonly components: 'all' | 'drawn'
  readonly usage: Usage
}

/**
 * A population's answer to a closed question, by weight and not by counting: Σ_k π_k(x) Σ_j Ω_kj(x) p^{τ_k}(a | g_k, e_j, x),
 * where p(a | …) is the likelihood of each choice among the choices (METHOD sections 6 and 8).
 * @throws InvalidArgumentError for fewer than two choices, or equal ones, or a group that the mixture does not know.
 */
export async function populationAnswer(options: PopulationAnswerOptions): Promise<PopulationAnswer> {
  const { mixture, question, choices, scorer, template = chatTemplate, signal } = options
  if (choices.length < 2 || new Set(choices).size !== choices.length) {
    throw new InvalidArgumentError({
      argument: 'choices',
      expected: 'at least two, all different',
      found: JSON.stringify(choices),
    })
  }
  const call = signal === undefined ? {} : { signal }
  const { components, drawn } = await chooseComponents(options)
  const byPersona = Map.groupBy(components.entries(), ([, { persona }]) => persona)
  const answers: ComponentAnswer[] = []
  let usage = noUsage
  for (const [persona, members] of byPersona) {
    const requests = members.flatMap(([, pair]) => {
      const messages = template.render(promptPairs(mixture, { pairs: [pair] }), question)
      return choices.map((continuation) => ({ messages, continuation }))
    })
    const temperatures = [mixture.temperatures[persona] as number]
    const result = await scorer.score(requests, { ...call, temperatures })
    usage = addUsage(usage, result.usage)
    for (const [position, [index, { weight }]] of members.entries()) {
      const scores = result.scores.slice(position * choices.length, (position + 1) * choices.length)
      const probabilities = softmax(scores.map(({ logLikelihoods }) => logLikelihoods[0] as number))
      answers[index] = { weight: drawn ? 1 : weight, probabilities }
    }
  }
  const { confidence } = options
  return {
    ...aggregateChoices(choices, answers, {
      components: drawn ? 'drawn' : 'all',
      ...(confidence === undefined ? {} : { confidence }),
    }),
    components: drawn ? 'drawn' : 'all',
    usage,
  }
}

async function chooseComponents(
  options: PopulationAnswerOptions,
): Promise<{ readonly components: readonly WeightedComponent[]; readonly drawn: boolean }> {
  const { mixture, encoder, question, components: limit = 64, given, signal } = options
  const x = await bindEncoder(mixture, encoder).embed(question, signal === undefined ? {} : { signal })
  const count = mixture.personas.length * Math.max(1, mixture.exemplars.length)
  if (count <= limit) return { components: mixture.top(x, count, { given }), drawn: false }
  const random = createRandom(options.seed).fork('population answer')
  const components = Array.from(
    { length: limit },
    () => mixture.draw(x, { random, given }).pairs[0] as WeightedComponent,
  )
  return { components, drawn: true }
}
