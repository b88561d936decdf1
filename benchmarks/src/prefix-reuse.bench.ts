/**
 * Tokens that the language model evaluates for scoring 1,000 records x 4 drawn pairs (round 2 of a fit, after the anchors), with
 * the prefix of a component computed once for its records, against each request computed in full; and wall time per request
 * for both on a sample. The anchors' round, whose prefixes all records share, stands apart.
 * Argument: a records file, default the shipped population.
 */
import { fileURLToPath } from 'node:url'
import {
  addUsage,
  chatTemplate,
  createRandom,
  defaultTemperatures,
  fit,
  type LikelihoodScorer,
  LikelihoodTable,
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
const table = new LikelihoodTable({
  scorer: counting.id,
  template: chatTemplate.id,
  temperatures: defaultTemperatures,
})
const print = (line: string): void => void process.stdout.write(`${line}\n`)

/** Scores the rounds up to this one, and stops before learning from the last. */
async function scoreRounds(rounds: number): Promise<void> {
  const controller = new AbortController()
  const scored = new Error('scored')
  await fit(population, {
    encoder,
    scorer: counting,
    seed: 1,
    rounds,
    pairsPerRound: 4,
    table,
    signal: controller.signal,
    onProgress: ({ phase }) => {
      if (phase === 'learn') controller.abort(scored)
    },
  }).catch((error: unknown) => {
    if (error !== scored) throw error
  })
}

await scoreRounds(1)
const ratio = (all: Usage): string => ((all.inputTokens + all.outputTokens) / all.evaluatedTokens).toFixed(2)
print(
  `anchors, affinity and bare: ${usage.calls} likelihoods, ${usage.evaluatedTokens} tokens evaluated, ${ratio(usage)} x fewer`,
)
usage = noUsage
seconds = 0
seen.length = 0
await scoreRounds(2)
const full = usage.inputTokens + usage.outputTokens
print(
  `${split.train.length + split.validation.length} records, ${usage.calls} likelihoods (4 drawn pairs a record)`,
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
