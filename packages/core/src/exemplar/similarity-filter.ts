import { dot } from '../numeric/dot.ts'
import { normalisedText } from '../record/normalised-text.ts'
import type { PopulationRecord } from '../record/population-record.ts'

/** Knows what the pool already says, and counts what it refuses (METHOD section 5: near-duplicates dropped). */
export class SimilarityFilter {
  readonly #embeddings: readonly Float32Array[] | undefined
  readonly #threshold: number
  readonly #texts = new Set<string>()
  readonly #free: number[] = []
  exactDuplicates: number = 0
  nearDuplicates: number = 0

  constructor(embeddings: readonly Float32Array[] | undefined, threshold: number) {
    this.#embeddings = embeddings
    this.#threshold = threshold
  }

  refuses(record: PopulationRecord, index: number): boolean {
    if (this.#texts.has(identity(record))) {
      this.exactDuplicates++
      return true
    }
    const embedding = this.#embeddings?.[index]
    if (embedding === undefined || record.choices !== undefined) return false
    const near = this.#free.some(
      (other) => dot(embedding, this.#embeddings?.[other] as Float32Array) >= this.#threshold,
    )
    if (near) this.nearDuplicates++
    return near
  }

  accept(record: PopulationRecord, index: number): void {
    this.#texts.add(identity(record))
    if (record.choices === undefined) this.#free.push(index)
  }
}

/** Equal for records that ask and answer the same. */
export function textKey(record: PopulationRecord): string {
  return JSON.stringify([normalisedText(record.input), normalisedText(record.output)])
}

/** What makes two records the same: the text, and for a closed answer also who gave it. */
function identity(record: PopulationRecord): string {
  if (record.choices === undefined) return textKey(record)
  return `${textKey(record)}${record.respondent === undefined ? `#${record.id}` : `@${record.respondent}`}`
}
