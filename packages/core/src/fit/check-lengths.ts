import { TextTooLongError, type TooLongText } from '../errors/text-too-long-error.ts'
import { digest } from '../record/digest.ts'
import { itemsOf, longerField } from '../likelihood/item.ts'
import { commonMasks, maskedExemplars } from '../likelihood/mask.ts'
import type { LikelihoodScorer, ScoreRequest } from '../ports/likelihood-scorer.ts'
import { chatTemplate, type PromptPair, type PromptTemplate } from '../prompt/prompt-template.ts'
import type { Population } from './prepare-population.ts'

export interface CheckLengthsOptions {
  readonly scorer: LikelihoodScorer
  /** Default `chatTemplate`. */
  readonly template?: PromptTemplate | undefined
  readonly signal?: AbortSignal | undefined
}

type Texts = Pick<Population, 'split' | 'personas' | 'exemplars'>

/** Tokens by which the length of a prompt may differ from the sum of its parts. */
const seams = 32

/**
 * Finds every record and exemplar that the language model cannot take whole, before anything is scored: alone, or with the longest
 * persona and the longest exemplar that may stand before it. Evaluates nothing; does nothing where the scorer cannot count tokens.
 * @throws TextTooLongError naming them all.
 */
export async function checkLengths(population: Texts, options: CheckLengthsOptions): Promise<void> {
  const { scorer, template = chatTemplate, signal } = options
  if (scorer.countTokens === undefined) return
  const { personas, exemplars } = population
  const texts = await distinctTexts(population)
  const [probe] = texts
  if (probe === undefined) return
  const requestOf = ({ input, output }: Text, pair?: PromptPair): ScoreRequest => ({
    messages: template.render(pair === undefined ? [] : [pair], input),
    continuation: output,
  })
  const call = signal === undefined ? {} : { signal }
  const { tokens, limit } = await scorer.countTokens(
    [
      ...texts.map((text) => requestOf(text)),
      ...personas.map((persona) => requestOf(probe, { persona })),
      ...exemplars.map((exemplar) => requestOf(probe, { exemplar })),
    ],
    call,
  )
  const tokensOf = (index: number): number => tokens[index] as number
  refuse(
    texts.map((text, index) => tooLong(text, tokensOf(index))),
    limit,
  )

  const added = (index: number): number => tokensOf(texts.length + index) - tokensOf(0)
  const personaAdds = personas.map((_, k) => added(k))
  const exemplarAdds = exemplars.map((_, j) => added(personas.length + j))
  const persona = longestFirst(personaAdds)[0] ?? -1
  const exemplarsByLength = longestFirst(exemplarAdds)
  const suspects = texts.flatMap((text, index) => {
    const exemplar = exemplarsByLength.find((j) => text.masked !== 'all' && !text.masked.includes(j)) ?? -1
    const sum = tokensOf(index) + (personaAdds[persona] ?? 0) + (exemplarAdds[exemplar] ?? 0)
    return sum > limit - seams ? [{ text, persona: personas[persona], exemplar: exemplars[exemplar] }] : []
  })
  const exact = await scorer.countTokens(
    suspects.map(({ text, ...pair }) => requestOf(text, pair)),
    call,
  )
  refuse(
    suspects.map(({ text, persona: beside, exemplar }, index) => ({
      ...tooLong(text, exact.tokens[index] as number),
      personas: beside === undefined || beside.text === '' ? [] : [beside.id],
      exemplars: exemplar === undefined ? [] : [exemplar.id],
    })),
    limit,
  )
}

interface Text {
  readonly kind: 'record' | 'exemplar'
  readonly id: string
  readonly input: string
  readonly output: string
  /** Exemplars that never stand before it. */
  readonly masked: readonly number[] | 'all'
}

/** The distinct texts of the records, then of exemplars that are no records: those are scored under personas alone. */
async function distinctTexts({ split, exemplars }: Texts): Promise<readonly Text[]> {
  const records = [...split.train, ...split.validation, ...split.heldOut]
  const { items, firstRecordOfItem, itemOfRecord } = await itemsOf(records)
  const masks = commonMasks(items.length, itemOfRecord, maskedExemplars(records, exemplars))
  const names = new Set(items.map(({ name }) => name))
  const texts = items.map(({ input, output }, index): Text => {
    const id = records[firstRecordOfItem[index] as number]?.id ?? ''
    return { kind: 'record', id, input, output, masked: masks[index] ?? [] }
  })
  for (const { id, input, output } of exemplars) {
    if (names.has(await digest(input, output))) continue
    texts.push({ kind: 'exemplar', id, input, output, masked: 'all' })
  }
  return texts
}

function tooLong({ kind, id, input, output }: Text, tokens: number): TooLongText {
  return { kind, id, field: longerField({ input, output }), tokens }
}

/** @throws TextTooLongError where some have more tokens than the limit. */
function refuse(counted: readonly TooLongText[], limit: number): void {
  const texts = counted.filter(({ tokens }) => tokens > limit)
  if (texts.length > 0) throw new TextTooLongError({ texts, limit })
}

/** Indices, of the largest value first. */
function longestFirst(values: readonly number[]): readonly number[] {
  return values.map((_, index) => index).toSorted((a, b) => (values[b] as number) - (values[a] as number))
}
