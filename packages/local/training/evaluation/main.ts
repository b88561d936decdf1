import { mkdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { chatTemplate } from '@mop/core'
import { openLikelihoodFile } from '@mop/core/node'
import { createLocalGenerator, createLocalScorer, loadLocalModel, shippedModelPath } from '@mop/local'
import { shippedGroups, trainingGroups } from '../population/groups.ts'
import { seededRandom } from '../population/seeded-random.ts'
import { coverage } from './coverage.ts'
import { plainLanguage } from './plain-language.ts'
import { recover } from './recovery.ts'
import { drawSamples } from './samples.ts'
import { compare, drawComparisons, steerabilityTable } from './steerability.ts'

/** The figures of the model card, each part into a file of its own in --out. */
const parts = ['steerability', 'language', 'speed', 'recovery', 'contextual', 'mixture'] as const
const { values } = parseArgs({
  options: {
    model: { type: 'string' },
    out: { type: 'string' },
    part: { type: 'string', multiple: true, default: [...parts] },
    seed: { type: 'string', default: '424242' },
    comparisons: { type: 'string', default: '360' },
    records: { type: 'string', default: '2000' },
    threads: { type: 'string', default: '1' },
  },
})
const { out } = values
if (out === undefined) throw new Error('--out FOLDER is missing')
mkdirSync(out, { recursive: true })
const wanted = new Set<string>(values.part)
const random = seededRandom(Number(values.seed))
const say = (text: string): void => void process.stdout.write(`${text}\n`)
function keep(part: string, figures: unknown): void {
  writeFileSync(join(out ?? '', `${part}.json`), `${JSON.stringify(figures, undefined, 2)}\n`)
  say(`\n${part}: ${JSON.stringify(figures, undefined, 1)}`)
}

await using model = await loadLocalModel({ model: values.model, threads: Number(values.threads) })
const scorer = createLocalScorer(model)
const generator = createLocalGenerator(model)

if (wanted.has('steerability')) {
  const groups = { 'groups in training': trainingGroups, 'groups never in training': shippedGroups }
  const tables: Record<string, unknown> = {}
  for (const [name, some] of Object.entries(groups)) {
    const comparisons = drawComparisons(some, Number(values.comparisons), random.fork(name))
    const results = await compare(comparisons, scorer, (done) => {
      if (done % 60 === 0) say(`${name}: ${done} comparisons`)
    })
    tables[name] = steerabilityTable(results)
  }
  keep('steerability', { model: model.id, ...tables })
}

if (wanted.has('language')) keep('language', await plainLanguage(scorer, random.fork('language')))

if (wanted.has('speed')) {
  const requests = drawComparisons(shippedGroups, 40, random.fork('speed')).flatMap(
    ({ input, output, pairs }) =>
      Object.values(pairs).flatMap((two) =>
        two.map((pair) => ({ messages: chatTemplate.render([pair], input), continuation: output })),
      ),
  )
  const started = performance.now()
  const { usage } = await scorer.score(requests, { temperatures: [1] })
  const seconds = (performance.now() - started) / 1000
  keep('speed', {
    threads: Number(values.threads),
    requests: requests.length,
    evaluatedTokens: usage.evaluatedTokens,
    tokensPerSecond: Math.round((usage.evaluatedTokens ?? Number.NaN) / seconds),
    modelBytes: statSync(values.model ?? shippedModelPath()).size,
    peakMegabytes: Math.round(process.resourceUsage().maxRSS / 1024),
  })
}

/** name, share of the records, interest spread, exemplars. */
const fits = [
  ['recovery', 1, 0, 0],
  ['contextual', 1, 1.2, 0],
  ['mixture', 0.4, 1.2, 24],
] as const
for (const [part, share, interestSpread, exemplars] of fits) {
  if (!wanted.has(part)) continue
  using file = openLikelihoodFile(join(out, `${part}.likelihoods.jsonl`), {
    scorer: scorer.id,
    template: chatTemplate.id,
    temperatures: [0.7, 1, 1.4, 2],
  })
  const recovered = await recover({
    records: Math.round(share * Number(values.records)),
    seed: Number(values.seed),
    interestSpread,
    exemplars,
    scorer,
    table: file.table,
    random: random.fork(part),
    onProgress: (text) => say(`${part}: ${text}`),
  })
  const { report, truth, distance, equalDistance } = recovered
  const { heldOut, gate, personaSizes, temperatures, warnings } = report
  keep(part, {
    records: report.records,
    heldOut,
    gate,
    groups: shippedGroups.map(({ name }, index) => ({
      name,
      truth: truth[index],
      size: personaSizes[index],
      temperature: temperatures[index],
    })),
    distance,
    equalDistance,
    warnings,
  })
  if (part !== 'mixture') continue
  keep('coverage', await coverage({ ...recovered, generator, random: random.fork('coverage') }))
  keep('samples', await drawSamples(recovered, generator, 3, 10))
}
