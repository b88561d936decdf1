import type { Group } from '../population/groups.ts'
import { domains, drawOccasion } from '../population/domains.ts'
import type { SeededRandom } from '../population/seeded-random.ts'
import { drawSpeaker } from '../population/speaker.ts'
import { speak } from '../population/utterance.ts'

/** Says whose way of writing a free text is. */
export interface GroupClassifier {
  /** Index of the group. */
  readonly classify: (text: string) => number
  /** P(said of a group | member of a group) on members it was not trained on: confusion[truth][said]. */
  readonly confusion: readonly (readonly number[])[]
  readonly accuracy: number
}

const textsPerGroup = 600
const testsPerGroup = 200

function featuresOf(text: string): readonly string[] {
  const marks = text.match(/\.\.\.| - |!+|[A-Z]{2,}|[.?:,]/g) ?? []
  const words = text.toLowerCase().match(/[\p{L}\p{N}']+/gu) ?? []
  const pairs = words.slice(1).map((word, index) => `${words[index]} ${word}`)
  const length = `length ${Math.round(2 * Math.log2(1 + words.length))}`
  const start = /^\p{Lu}/u.test(text) ? 'starts high' : 'starts low'
  const end = `ends ${/[\p{L}\p{N}]$/u.test(text) ? 'bare' : text.slice(-1)}`
  return [
    ...words,
    ...pairs,
    ...marks.map((mark) => `mark ${/[A-Z]/.test(mark) ? 'loud' : mark}`),
    length,
    start,
    end,
  ]
}

/** A free text of a new member, on any topic. */
export function freeText(group: Group, random: SeededRandom): string {
  const occasion = drawOccasion(random.pick(domains.filter((domain) => domain !== 'survey')), random)
  return speak(drawSpeaker(group, random), occasion).output
}

/** Naive Bayes (multinomial over the distinct features of a text, add 0.2), trained on texts of the society. */
export function trainGroupClassifier(groups: readonly Group[], random: SeededRandom): GroupClassifier {
  const counts = groups.map((group) => {
    const own = new Map<string, number>()
    for (let index = 0; index < textsPerGroup; index++) {
      for (const feature of new Set(featuresOf(freeText(group, random)))) {
        own.set(feature, (own.get(feature) ?? 0) + 1)
      }
    }
    return own
  })
  const vocabulary = new Set(counts.flatMap((own) => [...own.keys()])).size
  const totals = counts.map((own) => [...own.values()].reduce((sum, count) => sum + count, 0))
  const classify = (text: string): number => {
    const features = [...new Set(featuresOf(text))]
    const scores = counts.map((own, index) =>
      features.reduce(
        (sum, feature) =>
          sum + Math.log(((own.get(feature) ?? 0) + 0.2) / ((totals[index] ?? 0) + 0.2 * vocabulary)),
        0,
      ),
    )
    return scores.indexOf(Math.max(...scores))
  }
  const confusion = groups.map((group) => {
    const said = groups.map(() => 0)
    for (let index = 0; index < testsPerGroup; index++) {
      const at = classify(freeText(group, random))
      said[at] = (said[at] ?? 0) + 1 / testsPerGroup
    }
    return said
  })
  const accuracy = confusion.reduce((sum, row, index) => sum + (row[index] ?? 0), 0) / groups.length
  return { classify, confusion, accuracy }
}

/** Shares with which the classifier names each group among `texts`. */
export function namedShares(classifier: GroupClassifier, texts: readonly string[]): readonly number[] {
  const shares = classifier.confusion.map(() => 0)
  for (const text of texts) {
    const at = classifier.classify(text)
    shares[at] = (shares[at] ?? 0) + 1 / texts.length
  }
  return shares
}
