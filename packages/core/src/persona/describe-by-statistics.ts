import type { PopulationRecord } from '../record/population-record.ts'
import type { RecordCluster } from './cluster-records.ts'
import { countTerms, distinctiveTerms, type TermCounts } from './distinctive-terms.ts'
import type { Persona } from './persona.ts'
import { toneOf } from './tone-of.ts'
import { wordsOf } from './words-of.ts'

export interface DescribeOptions {
  /**
   * Leaves the typical record out, and names only terms that at least three records share: records may hold
   * personal data. Default false.
   */
  readonly private?: boolean
}

const termsShown = 6
const typicalLength = 160

/**
 * A persona from the statistics of a cluster, without any language model:
 *
 *     Writes short texts of about 12 words. Often says: honestly, cozy, brunch. Tone: positive. Typical: "…"
 *
 * The mean length in words of the outputs (very short up to 5, short up to 15, medium up to 35, long), terms by
 * `distinctiveTerms` against the rest, tone by `toneOf` (English), and the output of the record nearest the
 * centre on one line, cut at 160 characters between words. A cluster of mostly closed answers says the answers it gives more
 * than the rest (where there is no rest its most frequent ones, those that make up 80%), and as typical the
 * `question → answer` that sets it apart most.
 *
 * @param records the whole population that was clustered.
 */
export function describeByStatistics(
  cluster: RecordCluster,
  records: readonly PopulationRecord[],
  options: DescribeOptions = {},
): Persona {
  const [persona] = describeClusters([cluster], records, options)
  return persona as Persona
}

/** `describeByStatistics` of each cluster; the population's words are counted once. */
export function describeClusters(
  clusters: readonly RecordCluster[],
  records: readonly PopulationRecord[],
  options: DescribeOptions = {},
): readonly Persona[] {
  const words = records.map(({ output }) => wordsOf(output))
  const all = countTerms(words)
  const closedRecords = records.filter(({ choices }) => choices !== undefined)
  const answersOfAll = countTerms(closedRecords.map((record) => [answerOf(record)]))
  const pairsOfAll = countTerms(closedRecords.map((record) => [pairOf(record)]))
  return clusters.map(({ index, members }) => {
    const said = members.map((member) => words[member] ?? [])
    const saying = members.flatMap((member) => records[member] ?? [])
    const closed = saying.filter(({ choices }) => choices !== undefined).length > saying.length / 2
    const leastShared = options.private === true ? 3 : Math.min(2, members.length)
    const length = Math.round(said.reduce((sum, list) => sum + list.length, 0) / Math.max(1, said.length))
    const often = closed
      ? distinctiveAnswers(saying, answersOfAll, leastShared)
      : distinctiveTerms(countTerms(said), all, leastShared)
          .map(({ term }) => term)
          .filter((term) => !/^[\p{N}']+$/u.test(term))
    const typical =
      options.private === true
        ? undefined
        : typicalText(closed ? mostDistinctive(saying, pairsOfAll) : saying[0], closed)
    const sentences = [
      `Writes ${lengthWord(length)} texts of about ${length} words.`,
      ...(often.length === 0 ? [] : [`Often says: ${listed(often.slice(0, termsShown))}.`]),
      `Tone: ${closed ? 'neutral' : toneOf(said)}.`,
      ...(typical === undefined ? [] : [`Typical: "${typical}"`]),
    ]
    return {
      id: `cluster-${index}`,
      text: sentences.join(' '),
      provenance: {
        kind: 'statistics',
        cluster: index,
        size: members.length,
        recordIds: saying.map(({ id }) => id),
      },
    }
  })
}

function lengthWord(words: number): string {
  if (words <= 5) return 'very short'
  if (words <= 15) return 'short'
  return words <= 35 ? 'medium' : 'long'
}

function answerOf({ output }: PopulationRecord): string {
  return output.toLowerCase()
}

function pairOf({ input, output }: PopulationRecord): string {
  return `${input} → ${output}`
}

function distinctiveAnswers(saying: readonly PopulationRecord[], all: TermCounts, least: number): string[] {
  const inside = countTerms(saying.map((record) => [answerOf(record)]))
  const distinctive = distinctiveTerms(inside, all, least).map(({ term }) => term)
  return distinctive.length > 0 ? distinctive : frequentAnswers(saying, least)
}

/** The record whose question and answer the cluster gives most more often than the rest; the first where none does. */
function mostDistinctive(saying: readonly PopulationRecord[], all: TermCounts): PopulationRecord | undefined {
  const inside = countTerms(saying.map((record) => [pairOf(record)]))
  const [first] = distinctiveTerms(inside, all, 1)
  return saying.find((record) => pairOf(record) === first?.term) ?? saying[0]
}

function frequentAnswers(records: readonly PopulationRecord[], least: number): string[] {
  const counts = [...countTerms(records.map(({ output }) => [output.toLowerCase()]))]
    .filter(([, count]) => count >= least)
    .toSorted(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1))
  let covered = 0
  return counts
    .filter(([, count]) => {
      const wanted = covered < 0.8 * records.length
      covered += count
      return wanted
    })
    .map(([answer]) => answer)
}

/** Answers that hold commas of their own are told apart by semicolons. */
function listed(terms: readonly string[]): string {
  return terms.join(terms.some((term) => term.includes(',')) ? '; ' : ', ')
}

function typicalText(record: PopulationRecord | undefined, closed: boolean): string | undefined {
  if (record === undefined) return undefined
  const text = closed ? `${record.input} → ${record.output}` : record.output
  const line = text.replaceAll(/\s+/g, ' ').replaceAll('"', "'").trim()
  if (!closed || line.length <= typicalLength) return cutBetweenWords(line, typicalLength)
  // The answer is what matters: a long question gives way.
  const answer = ` → ${record.output.replaceAll(/\s+/g, ' ').replaceAll('"', "'").trim()}`
  return `${cutBetweenWords(line.slice(0, -answer.length), Math.max(40, typicalLength - answer.length))}${answer}`
}

function cutBetweenWords(line: string, most: number): string {
  if (line.length <= most) return line
  const space = line.lastIndexOf(' ', most)
  if (space > 0) return line.slice(0, space)
  // Never half of a surrogate pair.
  return line
    .slice(0, most)
    .toWellFormed()
    .replace(/\uFFFD$/, '')
}
