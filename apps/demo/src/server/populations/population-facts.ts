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
const attributesShown = 12
const fieldsShown = 12
const nameCharactersShown = 80

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
    ...(attributes !== undefined && { attributes: someOf(attributes) }),
  }
}

/** A file may give a record any number of attributes of any length. */
function someOf(attributes: NonNullable<PopulationRecord['attributes']>): SampleRecord['attributes'] {
  const shown = Object.entries(attributes).slice(0, attributesShown)
  return Object.fromEntries(
    shown.map(([name, value]) => [
      shortened(name, nameCharactersShown),
      typeof value === 'string' ? shortened(value, nameCharactersShown) : value,
    ]),
  )
}

function areAskable(choices: readonly string[] | undefined): boolean {
  if (choices === undefined || choices.length < 2 || choices.length > mostChoices) return false
  return choices.every((choice) => choice.length <= mostChoiceCharacters)
}

function shortened(text: string, most = charactersShown): string {
  return text.length <= most ? text : `${text.slice(0, most).toWellFormed()}…`
}

function fieldsOf(names: readonly string[]): string {
  const shown = names.slice(0, fieldsShown).map((name) => shortened(name, nameCharactersShown))
  const more = names.length - shown.length
  return more === 0 ? shown.join(', ') : `${shown.join(', ')} and ${more} more`
}

function notesOf({ emptyOutputs, duplicateTexts, ignoredFields }: RecordReport): string[] {
  const rows = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`
  return [
    ...(emptyOutputs > 0 ? [`Left out: ${rows(emptyOutputs, 'row')} without an answer.`] : []),
    ...(duplicateTexts > 0
      ? [`Kept, although the same was said before: ${rows(duplicateTexts, 'record')}.`]
      : []),
    ...(ignoredFields.length > 0 ? [`Fields not used: ${fieldsOf(ignoredFields)}.`] : []),
  ]
}
