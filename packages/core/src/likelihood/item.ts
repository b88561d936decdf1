import type { PopulationRecord } from '../record/population-record.ts'
import { digest } from '../record/digest.ts'

/** A distinct (input, output): records that say the same thing to the same input share its likelihoods. */
export interface Item {
  readonly name: string
  readonly input: string
  readonly output: string
}

/** Distinct items in order of first appearance, the first record of each, and the item of each record. */
export async function itemsOf(records: readonly Pick<PopulationRecord, 'input' | 'output'>[]): Promise<{
  items: readonly Item[]
  firstRecordOfItem: readonly number[]
  itemOfRecord: Int32Array
}> {
  const names = await Promise.all(records.map(({ input, output }) => digest(input, output)))
  const indexOf = new Map<string, number>()
  const items: Item[] = []
  const firstRecordOfItem: number[] = []
  const itemOfRecord = new Int32Array(records.length)
  for (const [r, { input, output }] of records.entries()) {
    const name = names[r] ?? ''
    let index = indexOf.get(name)
    if (index === undefined) {
      index = items.length
      indexOf.set(name, index)
      items.push({ name, input, output })
      firstRecordOfItem.push(r)
    }
    itemOfRecord[r] = index
  }
  return { items, firstRecordOfItem, itemOfRecord }
}

/** Which of its two texts is the longer one. */
export function longerField({
  input,
  output,
}: Pick<PopulationRecord, 'input' | 'output'>): 'input' | 'output' {
  return output.length >= input.length ? 'output' : 'input'
}
