/**
 * How well the encoders separate what people say: leave-one-out accuracy of 5 nearest neighbours by cosine on the records' outputs, for
 * one attribute; once fitted on the records that are judged, once fitted on the first half and judged on the second alone.
 * Seconds are of processor time. Arguments: a records file, an attribute; then, as they are wanted, --records N (the first N), --model path.gguf (its states, too).
 * Without a file: the shipped population by the domain of each free text.
 */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { Encoder } from '@mop/core'
import { loadRecords } from '@mop/core/readers'
import { createHashedEncoder, createModelEncoder, fitLatentSemanticEncoder } from '@mop/local'
import { leaveOneOutAccuracy, nearestNeighbourAccuracy } from './nearest-neighbour-accuracy.ts'
import { wordCosines, wordTfidf } from './word-tfidf.ts'

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: { records: { type: 'string' }, model: { type: 'string' } },
})
const [file, attribute] = positionals
const shipped = (name: string): string => fileURLToPath(import.meta.resolve(`@mop/local/data/${name}`))
const { records } = await loadRecords(file ?? shipped('society.jsonl'))
const { domainOf } = JSON.parse(readFileSync(shipped('society.truth.json'), 'utf8')) as {
  domainOf: Readonly<Record<string, string>>
}
const judged = records
  .flatMap(({ id, output, choices, attributes }) => {
    const label = file === undefined ? domainOf[id] : attributes?.[attribute ?? '']
    return label === undefined || (file === undefined && choices !== undefined)
      ? []
      : [{ output, label: String(label) }]
  })
  .slice(0, Number(flags.records ?? Number.POSITIVE_INFINITY))
if (judged.length < 12)
  throw new Error(`${judged.length} records have the attribute ${attribute}: too few to judge by.`)
const texts = judged.map(({ output }) => output)
const labels = judged.map(({ label }) => label)
const half = Math.floor(texts.length / 2)
const print = (...cells: string[]): void =>
  void process.stdout.write(`${cells.map((cell, index) => cell.padEnd(index === 0 ? 28 : 10)).join('')}\n`)
const processorSeconds = (since: NodeJS.CpuUsage): string => {
  const { user, system } = process.cpuUsage(since)
  return ((user + system) / 1e6).toFixed(2)
}

async function judge(
  name: string,
  make: (fitted: readonly string[]) => Encoder & { readonly state?: unknown },
  knowsNothing = false,
): Promise<void> {
  const fitStart = process.cpuUsage()
  const encoder = make(texts)
  const fitTime = processorSeconds(fitStart)
  const encodeStart = process.cpuUsage()
  const { embeddings } = await encoder.encode(texts)
  const encodeTime = processorSeconds(encodeStart)
  const unseen = knowsNothing
    ? embeddings.slice(half)
    : (await make(texts.slice(0, half)).encode(texts.slice(half))).embeddings
  print(
    name,
    nearestNeighbourAccuracy(embeddings, labels).toFixed(3),
    nearestNeighbourAccuracy(unseen, labels.slice(half)).toFixed(3),
    fitTime,
    encodeTime,
    encoder.state === undefined ? '' : (JSON.stringify(encoder.state).length / 1e6).toFixed(2),
  )
}

const counts = new Map<string, number>()
for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1)
print(
  `${texts.length} texts, ${counts.size} labels, the most frequent ${(Math.max(...counts.values()) / texts.length).toFixed(3)}`,
)
print('', 'fitted', 'new', 'fit s', 'encode s', 'state MB')
const tfidf = (some: readonly string[], theirs: readonly string[]): string =>
  leaveOneOutAccuracy(theirs, wordCosines(wordTfidf(some))).toFixed(3)
print('TF-IDF of words', tfidf(texts, labels), tfidf(texts.slice(half), labels.slice(half)))
for (const dimension of [384])
  await judge(`hashed, ${dimension}`, () => createHashedEncoder({ dimension }), true)
for (const dimension of [32, 64, 96, 128])
  await judge(`latent semantic, ${dimension}`, (fitted) => fitLatentSemanticEncoder(fitted, { dimension }))
if (flags.model !== undefined) {
  await using model = await createModelEncoder(flags.model)
  await judge(`states of the model, ${model.dimension}`, () => model, true)
}
print(`peak memory ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MiB`)
