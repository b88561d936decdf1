import type { PopulationRecord } from '@mop/core'
import type { LoadedRecords, RecordReport } from '@mop/core/readers'
import type { PopulationSummary, Question, SampleRecord } from '../../api-contract.ts'
import { limits, mostChoiceCharacters, mostChoices } from '../limits.ts'

/** What its records alone tell of a population. */
export type PopulationFacts = Pick<
  PopulationSummary,
  'records' | 'respondents' | 'closedAnswers' | 'notes' | 'questions' | 'sample'
>

const questionsShown = 60
const recordsShown = 6
const charactersShown = 600

export function populationFacts({ records, report }: LoadedRecords): PopulationFacts {
  return {
    records: records.length,
    respondents: report.respondents,
    closedAnswers: report.closedAnswers,
    notes: notesOf(report),
    questions: questionsOf(records),
    sample: records.slice(0, recordsShown).map(sampleOf),
  }
}

function questionsOf(records: readonly PopulationRecord[]): Question[] {
  return [...Map.groupBy(records, ({ input }) => input)]
    .filter(([input]) => input.trim() !== '' && input.length <= limits.questionCharacters)
    .toSorted(([, a], [, b]) => b.length - a.length)
    .slice(0, questionsShown)
    .map(([input, theirs]) => {
      const choices = theirs.find((record) => areAskable(record.choices))?.choices
      return { input, records: theirs.length, ...(choices !== undefined && { choices }) }
    })
}

function sampleOf({ input, output, attributes }: PopulationRecord): SampleRecord {
  return {
    input: shortened(input),
    output: shortened(output),
    ...(attributes !== undefined && { attributes }),
  }
}

function areAskable(choices: readonly string[] | undefined): boolean {
  if (choices === undefined || choices.length < 2 || choices.length > mostChoices) return false
  return choices.every((choice) => choice.length <= mostChoiceCharacters)
}

function shortened(text: string): string {
  return text.length <= charactersShown ? text : `${text.slice(0, charactersShown).toWellFormed()}…`
}

function notesOf({ emptyOutputs, duplicateTexts, ignoredFields }: RecordReport): string[] {
  const rows = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`
  return [
    ...(emptyOutputs > 0 ? [`Left out: ${rows(emptyOutputs, 'row')} without an answer.`] : []),
    ...(duplicateTexts > 0
      ? [`Kept, although the same was said before: ${rows(duplicateTexts, 'record')}.`]
      : []),
    ...(ignoredFields.length > 0 ? [`Fields not used: ${ignoredFields.join(', ')}.`] : []),
  ]
}
