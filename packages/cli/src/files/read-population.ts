import {
  type LoadedRecords,
  loadRecords,
  type RecordFormat,
  type RecordMapping,
  type RecordReport,
} from '@mop/core/readers'
import type { FieldMap } from '../config/config-schema.ts'
import { countOf } from '../output/format-number.ts'

export interface ReadPopulationOptions {
  readonly format?: RecordFormat | undefined
  readonly map?: FieldMap | undefined
  /** Between CSV cells. */
  readonly delimiter?: string | undefined
  readonly signal?: AbortSignal | undefined
}

/** @throws RecordError naming file, line and field. */
export async function readPopulation(
  path: string,
  { format, map, delimiter, signal }: ReadPopulationOptions,
): Promise<LoadedRecords> {
  return loadRecords(path, {
    ...(format !== undefined && { format }),
    ...(map !== undefined && { mapping: mappingOf(map) }),
    ...(delimiter !== undefined && { delimiter }),
    ...(signal !== undefined && { signal }),
  })
}

/** What a person should know of the file, in sentences; empty where all is well. */
export function populationNotes(report: RecordReport): readonly string[] {
  const notes: string[] = []
  if (report.emptyOutputs > 0)
    notes.push(`Left out: ${countOf(report.emptyOutputs, 'row')} without an answer.`)
  if (report.duplicateTexts > 0)
    notes.push(`Kept, although the same was said before: ${countOf(report.duplicateTexts, 'record')}.`)
  if (report.ignoredFields.length > 0) notes.push(`Fields not used: ${report.ignoredFields.join(', ')}.`)
  return notes
}

function mappingOf(map: FieldMap): RecordMapping {
  return Object.fromEntries(Object.entries(map).filter(([, field]) => field !== undefined)) as RecordMapping
}
