import {
  answerDistribution,
  chatTemplate,
  choiceProbabilities,
  InvalidArgumentError,
  type PopulationRecord,
  populationAnswer,
} from '@mop/core'
import { totalVariation } from '@mop/eval'
import type { ChoicePicture, ChoiceRow, Side, Who } from '../../api-contract.ts'
import type { Answers, Asked } from './ask-question.ts'
import { realRecords } from './real-records.ts'

/**
 * How the population, the mixture and the bare model answer a closed question: the models by their likelihoods where these are known,
 * else by counting; the population by counting with the records' weights.
 */
export async function choicePicture(
  asked: Asked,
  choices: readonly string[],
  answers: Answers,
): Promise<ChoicePicture> {
  const { population, request, engine } = asked
  const records = realRecords(await population.records(), request).filter(
    (record) => record.choices !== undefined || choices.includes(record.output),
  )
  const real = countedRow('population', choices, records)
  const mixture =
    engine.description.kind === 'embedded'
      ? await mixtureLikelihoods(asked, choices)
      : countedRow('mixture', choices, answers.mixture.map(asRecord))
  const bare =
    engine.description.kind === 'embedded'
      ? await bareLikelihoods(asked, choices)
      : countedRow('bare', choices, answers.bare.map(asRecord))
  const rows = [...(isMatched(real) ? [real] : []), mixture, bare]
  const comparable = rows.length === 3 && rows.every(isMatched)
  const distanceOf = (row: ChoiceRow): number => totalVariation(row.probabilities, real.probabilities)
  const distance: Record<Side, number> = { mixture: distanceOf(mixture), bare: distanceOf(bare) }
  return { kind: 'choices', choices, rows, ...(comparable && { distance }) }
}

async function mixtureLikelihoods(
  { fitted, engine, request, signal }: Asked,
  choices: readonly string[],
): Promise<ChoiceRow> {
  const { probabilities, intervals } = await populationAnswer({
    mixture: fitted.bound.mixture,
    given: request.given,
    encoder: fitted.bound.encoder,
    scorer: engine.scorer,
    question: request.input,
    choices,
    seed: request.seed,
    signal,
  })
  return {
    who: 'mixture',
    probabilities: Array.from(probabilities),
    intervals,
    how: 'likelihoods',
    n: 0,
    unmatchedShare: 0,
  }
}

/** The bare model's probability of each choice among the choices, at the temperature at which it answers. */
async function bareLikelihoods(
  { engine, request, signal, bareTemperature }: Asked,
  choices: readonly string[],
): Promise<ChoiceRow> {
  const { probabilities } = await choiceProbabilities({
    scorer: engine.scorer,
    messages: chatTemplate.render([], request.input),
    choices,
    temperature: bareTemperature,
    signal,
  })
  return {
    who: 'bare',
    probabilities,
    intervals: probabilities.map((value) => ({ lower: value, upper: value })),
    how: 'likelihoods',
    n: 0,
    unmatchedShare: 0,
  }
}

type Counted = Pick<PopulationRecord, 'output' | 'weight'>

const asRecord = (output: string): Counted => ({ output })

/** Where no answer is one of the choices, nothing is known: equal shares of any size. */
function countedRow(who: Who, choices: readonly string[], records: readonly Counted[]): ChoiceRow {
  const n = records.length
  const weights = records.map(({ weight = 1 }) => weight)
  const outputs = records.map(({ output }) => output)
  const counted = countAnswers(outputs, choices, weights)
  if (counted === undefined) {
    return {
      who,
      probabilities: choices.map(() => 1 / choices.length),
      intervals: choices.map(() => ({ lower: 0, upper: 1 })),
      how: 'counted',
      n,
      unmatchedShare: 1,
    }
  }
  const { probabilities, intervals, unmatchedShare } = counted
  return { who, probabilities: Array.from(probabilities), intervals, how: 'counted', n, unmatchedShare }
}

function countAnswers(outputs: readonly string[], choices: readonly string[], weights: readonly number[]) {
  try {
    return answerDistribution(outputs, { choices, weights })
  } catch (error) {
    if (error instanceof InvalidArgumentError && error.argument === 'answers') return undefined
    throw error
  }
}

function isMatched({ unmatchedShare }: ChoiceRow): boolean {
  return unmatchedShare < 1
}
