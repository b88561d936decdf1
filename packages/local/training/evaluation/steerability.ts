import { chatTemplate, type ChatMessage, type LikelihoodScorer, type PromptPair } from '@mop/core'
import { domains, drawOccasion, type Occasion } from '../population/domains.ts'
import type { Group } from '../population/groups.ts'
import { behaviouralPersona } from '../population/personas.ts'
import type { SeededRandom } from '../population/seeded-random.ts'
import { backgroundWords, listen } from '../population/shipped-society.ts'
import { drawSpeaker } from '../population/speaker.ts'
import { statisticsPersona } from '../population/statistics-persona.ts'
import { speak } from '../population/utterance.ts'

/** The ways in which a prompt shows a group. */
export const showings = [
  'persona, trained wording',
  'persona, held-out wording',
  'persona, foreign words',
  'persona, statistics',
  'exemplar of the same domain',
  'exemplar of any domain',
  'held-out wording + exemplar',
  'statistics + exemplar',
] as const
export type Showing = (typeof showings)[number]

interface Comparison {
  readonly domain: Occasion['domain']
  readonly trainedTopic: boolean
  readonly input: string
  readonly output: string
  /** Of the group that answered, and of another one. */
  readonly pairs: Readonly<Record<Showing, readonly [right: PromptPair, wrong: PromptPair]>>
}

/** One comparison: was the answer more probable under its own group's component than under another group's? */
export interface ComparisonResult {
  readonly showing: Showing
  readonly domain: Occasion['domain']
  readonly trainedTopic: boolean
  readonly won: boolean
  /** log p under the right component minus that under the wrong one, and minus that of the bare prompt, in nats. */
  readonly overWrong: number
  readonly overBare: number
}

/**
 * Answers by new members of `groups` (each group equally often, each domain too), and components that show the group
 * that answered or another one. The exemplar's speaker is another member; persona and exemplar are drawn anew each time.
 */
export function drawComparisons(
  groups: readonly Group[],
  count: number,
  random: SeededRandom,
): readonly Comparison[] {
  const texts = 3000
  const background = backgroundWords(groups, texts, random.fork('background'))
  return Array.from({ length: count }, (_, index) => {
    const own = random.fork(`comparison ${index}`)
    const right = groups[index % groups.length] as Group
    const wrong = own.pick(groups.filter((group) => group !== right))
    const occasion = drawOccasion(own.pick(domains), own)
    const { output } = speak(drawSpeaker(right, own), occasion)
    const near = drawOccasion(occasion.domain, own)
    const far = drawOccasion(own.pick(domains), own)
    const shown = [right, wrong].map((group): Readonly<Record<Showing, PromptPair>> => {
      const said = (asked: Occasion): PromptPair => ({
        exemplar: { input: asked.input, output: speak(drawSpeaker(group, own), asked).output },
      })
      const persona = (text: string): PromptPair => ({ persona: { text } })
      const heldOut = persona(behaviouralPersona(group, own, 'held out'))
      const statistics = persona(statisticsPersona(listen(group, 20, own), background, texts))
      const exemplar = said(near)
      return {
        'persona, trained wording': persona(behaviouralPersona(group, own)),
        'persona, held-out wording': heldOut,
        'persona, foreign words': persona(behaviouralPersona(group, own, 'foreign')),
        'persona, statistics': statistics,
        'exemplar of the same domain': exemplar,
        'exemplar of any domain': said(far),
        'held-out wording + exemplar': { ...heldOut, ...exemplar },
        'statistics + exemplar': { ...statistics, ...exemplar },
      }
    })
    const pairs = Object.fromEntries(
      showings.map((showing) => [showing, shown.map((side) => side[showing])]),
    ) as unknown as Comparison['pairs']
    return { domain: occasion.domain, trainedTopic: occasion.trained, input: occasion.input, output, pairs }
  })
}

/** Scores every comparison at temperature 1. */
export async function compare(
  comparisons: readonly Comparison[],
  scorer: LikelihoodScorer,
  onProgress?: (done: number) => void,
): Promise<readonly ComparisonResult[]> {
  const results: ComparisonResult[] = []
  for (const [index, { domain, trainedTopic, input, output, pairs }] of comparisons.entries()) {
    const prompts: (readonly ChatMessage[])[] = [
      chatTemplate.render([], input),
      ...showings.flatMap((showing) => pairs[showing].map((pair) => chatTemplate.render([pair], input))),
    ]
    const { scores } = await scorer.score(
      prompts.map((messages) => ({ messages, continuation: output })),
      { temperatures: [1] },
    )
    const [bare = Number.NaN, ...shown] = scores.map(({ logLikelihoods }) => logLikelihoods[0] ?? Number.NaN)
    for (const [place, showing] of showings.entries()) {
      const [right = Number.NaN, wrong = Number.NaN] = shown.slice(2 * place)
      results.push({
        showing, domain, trainedTopic, won: right > wrong, overWrong: right - wrong, overBare: right - bare,
      }) // prettier-ignore
    }
    onProgress?.(index + 1)
  }
  return results
}

export interface SteerabilityRow {
  readonly showing: Showing
  readonly all: number
  readonly freeText: number
  readonly closedAnswers: number
  readonly heldOutTopics: number
  /** Mean nats. */
  readonly overWrong: number
  readonly overBare: number
  readonly comparisons: number
}

export function steerabilityTable(results: readonly ComparisonResult[]): readonly SteerabilityRow[] {
  return showings.map((showing) => {
    const some = results.filter((result) => result.showing === showing)
    const share = (of: readonly ComparisonResult[]): number => of.filter(({ won }) => won).length / of.length
    const mean = (value: (result: ComparisonResult) => number): number =>
      some.reduce((sum, result) => sum + value(result), 0) / some.length
    return {
      showing,
      all: share(some),
      freeText: share(some.filter(({ domain }) => domain !== 'survey')),
      closedAnswers: share(some.filter(({ domain }) => domain === 'survey')),
      heldOutTopics: share(some.filter(({ trainedTopic }) => !trainedTopic)),
      overWrong: mean(({ overWrong }) => overWrong),
      overBare: mean(({ overBare }) => overBare),
      comparisons: some.length,
    }
  })
}
