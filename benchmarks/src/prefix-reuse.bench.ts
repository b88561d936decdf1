/**
 * Tokens that the language model evaluates for one scoring round of 1,000 records x 4 pairs, with the prefix of a component
 * computed once for its records, against each request computed in full; and wall time per request for both
 * on a sample, in turn. Argument: a records file, default the shipped population.
 */
import { fileURLToPath } from 'node:url'
import {
  addUsage,
  createRandom,
  fit,
  type LikelihoodScorer,
  noUsage,
  preparePopulation,
  type ScoreRequest,
  shuffle,
  splitRecords,
  type Usage,
} from '@mop/core'
import { loadRecords } from '@mop/core/readers'
import { fitLatentSemanticEncoder, openLocal } from '@mop/local'

const file = process.argv[2] ?? fileURLToPath(import.meta.resolve('@mop/local/data/society.jsonl'))
const { records } = await loadRecords(file)
const split = splitRecords(records.slice(0, 1020), { seed: 1, heldOut: 0.01, validation: 0.1 })
const encoder = fitLatentSemanticEncoder(split.train.map(({ input, output }) => `${input}\n${output}`))
const population = await preparePopulation(split, {
  encoder,
  seed: 1,
  personas: { count: 12 },
  exemplars: { count: 48 },
})
await using local = await openLocal()

let usage: Usage = noUsage
let seconds = 0
const seen: ScoreRequest[] = []
const counting: LikelihoodScorer = {
  id: local.scorer.id,
  async score(requests, options) {
    const start = performance.now()
    const result = await local.scorer.score(requests, options)
    seconds += (performance.now() - start) / 1000
    usage = addUsage(usage, result.usage)
    seen.push(...requests)
    return result
  },
}
const controller = new AbortController()
const scored = new Error('scored')
await fit(population, {
  encoder,
  scorer: counting,
  seed: 1,
  rounds: 1,
  pairsPerRound: 4,
  signal: controller.signal,
  onProgress: ({ phase }) => {
    if (phase === 'learn') controller.abort(scored)
  },
}).catch((error: unknown) => {
  if (error !== scored) throw error
})
const full = usage.inputTokens + usage.outputTokens
const print = (line: string): void => void process.stdout.write(`${line}\n`)
print(
  `${split.train.length + split.validation.length} records, ${usage.calls} likelihoods (4 pairs a record, and bare ones)`,
)
print(`tokens with reuse     ${usage.evaluatedTokens}`)
print(`tokens without reuse  ${full}`)
print(`ratio                 ${(full / usage.evaluatedTokens).toFixed(2)} x fewer`)
print(
  `with reuse            ${((1000 * seconds) / usage.calls).toFixed(2)} ms a likelihood, ${(full / seconds).toFixed(0)} prompt tokens/s served`,
)

// A model loaded afresh keeps nothing; requests in random order, one by one, share next to nothing.
const sample = shuffle(createRandom('sample'), seen).slice(0, 200)
let alone: Usage = noUsage
const start = performance.now()
for (const request of sample) alone = addUsage(alone, (await local.scorer.score([request])).usage)
const aloneSeconds = (performance.now() - start) / 1000
print(
  `in random order       ${((1000 * aloneSeconds) / sample.length).toFixed(2)} ms a likelihood (${sample.length} of them, ${(alone.evaluatedTokens / sample.length).toFixed(1)} tokens each)`,
)
print(`ratio of wall times   ${(aloneSeconds / sample.length / (seconds / usage.calls)).toFixed(2)}`)
print(`peak memory           ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MiB`)
