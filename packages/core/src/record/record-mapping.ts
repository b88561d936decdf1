import { RecordError, type RecordPlace } from '../errors/record-error.ts'
import { describeValue } from './describe-value.ts'

/** Which column or field of the file holds what. What is not named is looked for under its own name. */
export interface RecordMapping {
  readonly id?: string
  readonly input?: string
  readonly output?: string
  readonly choices?: string
  readonly respondent?: string
  readonly weight?: string
  /**
   * Columns that become attributes. Default: of a CSV or Parquet file every scalar column that is not
   * mapped; of JSON the object in the field `attributes` (other unknown fields are left out and reported).
   */
  readonly attributes?: readonly string[]
}

export interface RowShape {
  readonly mapping: RecordMapping
  /** Rows are columns of a table (CSV, Parquet): unmapped columns become attributes. */
  readonly tabular: boolean
  /** Cells are text only (CSV): empty cells are absent, weights and choices are read from text. */
  readonly textOnly: boolean
  /** Ids of rows without one are `<idPrefix>:<line>`, or `:<row>` where several rows may share a line. */
  readonly idPrefix: string
  readonly idsBy: 'line' | 'row'
}

const singleFields = ['id', 'input', 'output', 'choices', 'respondent', 'weight'] as const

type Fields = Readonly<Record<string, unknown>>

/**
 * One row of a file as the object that `parseRecord` checks. Texts are not altered. Numbers and booleans
 * become text in `id` and `respondent`, and in input, output and choices where the mapping names the column.
 */
export function mapRow(
  value: unknown,
  place: RecordPlace,
  shape: RowShape,
): { readonly candidate: unknown; readonly ignored: readonly string[] } {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { candidate: value, ignored: [] }
  const fields = value as Fields
  const { mapping, textOnly } = shape
  const columnOf = (name: (typeof singleFields)[number]): string => mapping[name] ?? name
  const at = (name: (typeof singleFields)[number]): unknown => {
    const column = columnOf(name)
    const found = Object.hasOwn(fields, column) ? fields[column] : undefined
    const optional = name !== 'input' && name !== 'output'
    return optional && (found === null || (textOnly && found === '')) ? undefined : found
  }
  const asText = (found: unknown, named: boolean): unknown =>
    named && (typeof found === 'number' || typeof found === 'bigint' || typeof found === 'boolean')
      ? String(found)
      : found
  const choices = textOnly ? choicesOfCell(at('choices'), place, columnOf('choices')) : at('choices')
  const { attributes, ignored } = attributesOf(fields, new Set(singleFields.map(columnOf)), shape)
  const output = at('output')
  const candidate = {
    id: asText(at('id'), true) ?? `${shape.idPrefix}:${place[shape.idsBy]}`,
    input: asText(at('input'), mapping.input !== undefined),
    // null is a question nobody answered: an empty output, which the reader counts and leaves out.
    output: output === null ? '' : asText(output, mapping.output !== undefined),
    choices: Array.isArray(choices)
      ? choices.map((choice) => asText(choice, mapping.choices !== undefined))
      : choices,
    respondent: asText(at('respondent'), true),
    weight: weightOf(at('weight'), textOnly),
    attributes,
  }
  const present = Object.entries(candidate).filter(([, found]) => found !== undefined)
  return { candidate: Object.fromEntries(present), ignored }
}

/** The columns of a table that a mapping needs; undefined when all of them are. */
export function neededColumns(
  columns: readonly string[],
  mapping: RecordMapping,
): readonly string[] | undefined {
  if (mapping.attributes === undefined) return undefined
  const needed = new Set([...singleFields.map((name) => mapping[name] ?? name), ...mapping.attributes])
  return columns.filter((column) => needed.has(column))
}

/** @throws RecordError (`record-invalid`) when a mapped or needed column of a table is not there. */
export function checkColumns(
  columns: readonly string[],
  mapping: RecordMapping,
  source: string | undefined,
): void {
  const needed = [mapping.input ?? 'input', mapping.output ?? 'output']
  const named = singleFields.flatMap((name) => mapping[name] ?? []).concat(mapping.attributes ?? [])
  const missing = [...needed, ...named].find((column) => !columns.includes(column))
  if (missing === undefined) return
  const other =
    columns.length === 1 ? [';', '\t', '|', ','].find((mark) => columns[0]?.includes(mark)) : undefined
  throw new RecordError({
    code: 'record-invalid',
    place: { source },
    field: missing,
    problem: `there is no such column; found ${columns.map((column) => JSON.stringify(column)).join(', ')}.`,
    remedy:
      other === undefined
        ? 'Say with `mapping` which column holds which field.'
        : `The cells seem to be separated by ${JSON.stringify(other)}: give it as \`delimiter\`.`,
  })
}

function attributesOf(
  fields: Fields,
  mapped: ReadonlySet<string>,
  { mapping, tabular, textOnly }: RowShape,
): { attributes: unknown; ignored: string[] } {
  const own =
    Object.hasOwn(fields, 'attributes') && !mapped.has('attributes') ? fields['attributes'] : undefined
  const nested =
    !tabular && typeof own === 'object' && own !== null && !Array.isArray(own) ? (own as Fields) : undefined
  const wanted =
    mapping.attributes ?? (tabular ? Object.keys(fields).filter((name) => !mapped.has(name)) : undefined)
  if (wanted === undefined) {
    const ignored = Object.keys(fields).filter((name) => !mapped.has(name) && name !== 'attributes')
    if (nested === undefined) return { attributes: own ?? undefined, ignored }
    return {
      attributes: Object.fromEntries(Object.entries(nested).filter(([, found]) => found !== null)),
      ignored,
    }
  }
  const ignored: string[] = []
  const entries: [string, unknown][] = []
  for (const name of wanted) {
    const found = scalar(Object.hasOwn(fields, name) ? fields[name] : nested?.[name])
    if (found === undefined || found === null || (textOnly && found === '')) continue
    if (typeof found === 'object' && mapping.attributes === undefined) ignored.push(name)
    else entries.push([name, found])
  }
  return { attributes: entries.length === 0 ? undefined : Object.fromEntries(entries), ignored }
}

/** Parquet's 64-bit integers and times have no JSON form: numbers where exact, else text. */
function scalar(found: unknown): unknown {
  if (typeof found === 'bigint') return Number.isSafeInteger(Number(found)) ? Number(found) : String(found)
  return found instanceof Date ? found.toISOString() : found
}

function weightOf(found: unknown, textOnly: boolean): unknown {
  if (textOnly && typeof found === 'string' && found.trim() !== '') {
    const weight = Number(found)
    return Number.isNaN(weight) ? found : weight
  }
  return typeof found === 'bigint' ? Number(found) : found
}

/** Choices in one cell: a JSON list, or texts separated by `|`. */
function choicesOfCell(cell: unknown, place: RecordPlace, field: string): unknown {
  if (typeof cell !== 'string') return cell
  if (!cell.trimStart().startsWith('[')) return cell.split('|')
  try {
    return JSON.parse(cell) as unknown
  } catch (cause) {
    throw new RecordError({
      code: 'record-invalid',
      place,
      field,
      problem: `the cell begins like a JSON list but is none; found ${describeValue(cell)}.`,
      remedy: 'Write ["yes", "no"], or yes|no.',
      cause,
    })
  }
}
