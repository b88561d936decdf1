import { chatTemplate, type ChatMessage, type LikelihoodScorer, type PromptPair } from '@mop/core'
import { domains, drawOccasion, type Occasion } from '../population/domains.ts'
import type { Group } from '../population/groups.ts'
import { behaviouralPersona } from '../population/personas.ts'
import type { SeededRandom } from '../population/seeded-random.ts'
import { backgroundWords, listen } from '../population/shipped-society.ts'
import { drawSpeaker } from '../population/speaker.ts'
import { statisticsPersona } from '../population/statistics-persona.ts'
import { speak } from '../population/utterance.ts'
import { judgePerfectly } from './perfect-judge.ts'

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
  /** Whether somebody who knows both groups' answering probabilities would win; free text counts as won. */
  readonly perfect: number
  /** Of the group that answered, and of another one. */
  readonly pairs: Readonly<Record<Showing, readonly [right: PromptPair, wrong: PromptPair]>>
}

/** Somebody who knows both groups' answering probabilities; who wrote a free text counts as always known. */
const perfectJudge = 'a perfect judge, at most' as const

/** One comparison: was the answer more probable under its own group's component than under another group's? */
export interface ComparisonResult {
  readonly showing: Showing | typeof perfectJudge
  readonly domain: Occasion['domain']
  readonly trainedTopic: boolean
  /** 1, or 0, or ½ for a tie. */
  readonly won: number
  /** log p under the right component minus that under the wrong one, and minus that of the bare prompt, in nats. */
  readonly overWrong?: number
  readonly overBare?: number
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
    const { domain, trained, input, question } = occasion
    const perfect = question === undefined ? 1 : judgePerfectly(question, output, right, wrong)
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
    return { domain, trainedTopic: trained, input, output, perfect, pairs }
  })
}

/** Scores every comparison at temperature 1. */
export async function compare(
  comparisons: readonly Comparison[],
  scorer: LikelihoodScorer,
  onProgress?: (done: number) => void,
): Promise<readonly ComparisonResult[]> {
  const results: ComparisonResult[] = []
  for (const [index, comparison] of comparisons.entries()) {
    const { domain, trainedTopic, input, output, perfect, pairs } = comparison
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
        showing, domain, trainedTopic, won: right > wrong ? 1 : 0, overWrong: right - wrong, overBare: right - bare,
      }) // prettier-ignore
    }
    results.push({ showing: perfectJudge, domain, trainedTopic, won: perfect })
    onProgress?.(index + 1)
  }
  return results
}

/** Share of the comparisons won, and its standard error. */
export type Share = readonly [share: number, standardError: number]

export interface SteerabilityRow {
  readonly showing: ComparisonResult['showing']
  readonly all: Share
  readonly freeText: Share
  readonly closedAnswers: Share
  readonly heldOutTopics: Share
  /** Mean nats. */
  readonly overWrong?: number
  readonly overBare?: number
  readonly comparisons: number
}

function shareOf(results: readonly ComparisonResult[]): Share {
  const share = results.reduce((sum, { won }) => sum + won, 0) / results.length
  const squares = results.reduce((sum, { won }) => sum + (won - share) ** 2, 0)
  return [share, Math.sqrt(squares) / results.length]
}

export function steerabilityTable(results: readonly ComparisonResult[]): readonly SteerabilityRow[] {
  const rows: readonly SteerabilityRow['showing'][] = [...showings, perfectJudge]
  return rows.map((showing): SteerabilityRow => {
    const some = results.filter((result) => result.showing === showing)
    const mean = (value: (result: ComparisonResult) => number | undefined): number =>
      some.reduce((sum, result) => sum + (value(result) ?? 0), 0) / some.length
    return {
      showing,
      all: shareOf(some),
      freeText: shareOf(some.filter(({ domain }) => domain !== 'survey')),
      closedAnswers: shareOf(some.filter(({ domain }) => domain === 'survey')),
      heldOutTopics: shareOf(some.filter(({ trainedTopic }) => !trainedTopic)),
      ...(showing !== perfectJudge && {
        overWrong: mean(({ overWrong }) => overWrong),
        overBare: mean(({ overBare }) => overBare),
      }),
      comparisons: some.length,
    }
  })
}
