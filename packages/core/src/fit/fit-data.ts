import { ContractViolationError } from '../errors/contract-violation-error.ts'
import type { Exemplar } from '../exemplar/exemplar.ts'
import { exemplarText } from '../exemplar/exemplar.ts'
import { type ComponentNames, nameComponents } from '../likelihood/component.ts'
import { digest } from '../record/digest.ts'
import { type Item, itemsOf } from '../likelihood/item.ts'
import { commonMasks, maskedExemplars } from '../likelihood/mask.ts'
import { type Matrix, matrixFromRows } from '../numeric/matrix.ts'
import type { Persona } from '../persona/persona.ts'
import type { Encoder } from '../ports/encoder.ts'
import { addUsage, noUsage, type Usage } from '../ports/usage.ts'
import type { PopulationRecord } from '../record/population-record.ts'
import type { RecordSplit } from './split-records.ts'

export type Part = 'train' | 'validation' | 'heldOut'

/** Records, items, inputs and embeddings of a fit, indexed once. */
export interface FitData {
  readonly personas: readonly Persona[]
  readonly exemplars: readonly Exemplar[]
  readonly names: ComponentNames
  /** All records: train, then validation, then held-out. */
  readonly records: readonly PopulationRecord[]
  readonly partOfRecord: readonly Part[]
  readonly weightOfRecord: Float64Array
  readonly maskOfRecord: readonly (readonly number[])[]
  /** Exemplars that are masked for every record of an item, and so never worth scoring for it. */
  readonly maskOfItem: readonly (readonly number[])[]
  readonly items: readonly Item[]
  readonly itemOfRecord: Int32Array
  /** Id of the first record that says an item, by the item's name; of the exemplar, where it is no record of the fit. */
  readonly idOfItem: ReadonlyMap<string, string>
  /** Distinct inputs. */
  readonly inputs: readonly string[]
  readonly inputOfItem: Int32Array
  /** h(x) of the distinct inputs, h of each item as one text, h(g), h(e). */
  readonly hx: Matrix
  readonly hi: Matrix
  readonly hg: Matrix
  readonly he: Matrix
  readonly usage: Usage
}

export async function indexFitData(
  split: RecordSplit,
  personas: readonly Persona[],
  exemplars: readonly Exemplar[],
  encoder: Encoder,
  signal: AbortSignal | undefined,
): Promise<FitData> {
  const records = [...split.train, ...split.validation, ...split.heldOut]
  const partOfRecord = (['train', 'validation', 'heldOut'] as const).flatMap((part) =>
    split[part].map(() => part),
  )
  const { items, firstRecordOfItem, itemOfRecord } = await itemsOf(records)
  const idOfItem = new Map<string, string>()
  for (const { id, input, output } of exemplars) idOfItem.set(await digest(input, output), id)
  for (const [index, { name }] of items.entries()) {
    idOfItem.set(name, records[firstRecordOfItem[index] as number]?.id ?? '')
  }
  const inputs = [...new Set(items.map(({ input }) => input))]
  const inputIndex = new Map(inputs.map((input, index) => [input, index]))
  let usage = noUsage
  const encode = async (texts: readonly string[]): Promise<Matrix> => {
    if (texts.length === 0) return matrixFromRows([], encoder.dimension)
    const result = await encoder.encode(texts, signal === undefined ? {} : { signal })
    usage = addUsage(usage, result.usage)
    const broken = result.embeddings.findIndex((embedding) => !embedding.every(Number.isFinite))
    if (broken >= 0 || result.embeddings.length !== texts.length) {
      throw new ContractViolationError({
        law: `An encoder gives every text a vector of finite numbers (${encoder.id})`,
        found:
          broken < 0
            ? `${result.embeddings.length} vectors for ${texts.length} texts`
            : `another for ${JSON.stringify((texts[broken] ?? '').slice(0, 80))}`,
      })
    }
    return matrixFromRows(result.embeddings, encoder.dimension)
  }
  const maskOfRecord = maskedExemplars(records, exemplars)
  return {
    personas,
    exemplars,
    names: await nameComponents(personas, exemplars),
    records,
    partOfRecord,
    weightOfRecord: Float64Array.from(records, ({ weight }) => weight ?? 1),
    maskOfRecord,
    maskOfItem: commonMasks(items.length, itemOfRecord, maskOfRecord),
    items,
    itemOfRecord,
    idOfItem,
    inputs,
    inputOfItem: Int32Array.from(items, ({ input }) => inputIndex.get(input) ?? -1),
    hx: await encode(inputs),
    // Where there are no exemplars to be near to, nothing asks for the items' own texts.
    hi: await encode(exemplars.length === 0 ? [] : items.map(exemplarText)),
    hg: await encode(personas.map(({ text }) => text)),
    he: await encode(exemplars.map(exemplarText)),
    usage,
  }
}

/** Items that some record of these parts says, ascending. */
export function itemsOfParts(data: FitData, parts: readonly Part[]): number[] {
  const items = new Set<number>()
  for (const [record, part] of data.partOfRecord.entries()) {
    if (parts.includes(part)) items.add(data.itemOfRecord[record] as number)
  }
  return [...items].toSorted((a, b) => a - b)
}

/** Index of a component's persona and exemplar; exemplar −1 where there are none. */
export function componentAt(
  data: Pick<FitData, 'exemplars'>,
  component: number,
): { persona: number; exemplar: number } {
  const width = Math.max(1, data.exemplars.length)
  return {
    persona: Math.floor(component / width),
    exemplar: data.exemplars.length === 0 ? -1 : component % width,
  }
}

/** Exemplars that no record of the item may use. */
export function allMasked(data: Pick<FitData, 'maskOfItem'>, item: number): readonly number[] {
  return data.maskOfItem[item] ?? []
}
