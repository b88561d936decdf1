import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { chatTemplate, loadMixture, saveMixture } from '@mop/core'
import { openLikelihoodFile } from '@mop/core/node'
import {
  createLocalGenerator,
  createLocalScorer,
  encoderFromState,
  loadLocalModel,
  shippedModelPath,
} from '@mop/local'
import { domains, drawOccasion } from '../population/domains.ts'
import { shippedGroups, trainingGroups } from '../population/groups.ts'
import { seededRandom } from '../population/seeded-random.ts'
import { coverage, type CoverageArm } from './coverage.ts'
import { plainLanguage } from './plain-language.ts'
import { recover } from './recovery.ts'
import { drawSamples } from './samples.ts'
import { compare, drawComparisons, steerabilityTable } from './steerability.ts'

interface Fit {
  /** All of one name's beginning have the same personas. */
  readonly name: string
  /** Of --records. */
  readonly share: number
  readonly interestSpread: number
  readonly exemplars: number
  /** Where all personas answer at temperature 1, instead of one that is learned for each. */
  readonly oneTemperature?: true
}
const fits: readonly Fit[] = [
  { name: 'recovery', share: 1, interestSpread: 0, exemplars: 0 },
  { name: 'contextual', share: 1, interestSpread: 1.2, exemplars: 0 },
  { name: 'contextual-temperature-1', share: 1, interestSpread: 1.2, exemplars: 0, oneTemperature: true },
  { name: 'mixture', share: 1, interestSpread: 1.2, exemplars: 24 },
  { name: 'mixture-800', share: 0.4, interestSpread: 1.2, exemplars: 24 },
  { name: 'mixture-48', share: 1, interestSpread: 1.2, exemplars: 48 },
]
const parts = ['steerability', 'language', 'speed', ...fits.map(({ name }) => name), 'coverage', 'samples']
/** The figures of the model card, each part into a file of its own in --out; the last two use the fits found there. */
const { values } = parseArgs({
  options: {
    model: { type: 'string' },
    out: { type: 'string' },
    part: { type: 'string', multiple: true, default: [...parts] },
    seed: { type: 'string', default: '424242' },
    comparisons: { type: 'string', default: '360' },
    records: { type: 'string', default: '2000' },
    draws: { type: 'string', default: '8' },
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
  const [started, busy] = [performance.now(), process.cpuUsage()]
  const { usage } = await scorer.score(requests, { temperatures: [1] })
  const seconds = (performance.now() - started) / 1000
  const { user, system } = process.cpuUsage(busy)
  keep('speed', {
    threads: Number(values.threads),
    requests: requests.length,
    evaluatedTokens: usage.evaluatedTokens,
    tokensPerSecond: Math.round((usage.evaluatedTokens ?? Number.NaN) / seconds),
    // What one core alone would do: waiting for others does not count.
    tokensPerProcessorSecond: Math.round((1e6 * (usage.evaluatedTokens ?? Number.NaN)) / (user + system)),
    modelBytes: statSync(values.model ?? shippedModelPath()).size,
    peakMegabytes: Math.round(process.resourceUsage().maxRSS / 1024),
  })
}

for (const { name: part, share, interestSpread, exemplars, oneTemperature = false } of fits) {
  if (!wanted.has(part)) continue
  const temperatures = oneTemperature ? [1] : [0.7, 1, 1.4, 2]
  using file = openLikelihoodFile(join(out, `${part}.likelihoods.jsonl`), {
    scorer: scorer.id,
    template: chatTemplate.id,
    temperatures,
  })
  const recovered = await recover({
    records: Math.round(share * Number(values.records)),
    seed: Number(values.seed),
    interestSpread,
    exemplars,
    temperatures,
    trueGain: oneTemperature,
    scorer,
    table: file.table,
    random: random.fork(part.replace(/-.*/, '')),
    onProgress: (text) => say(`${part}: ${text}`),
  })
  writeFileSync(join(out, `${part}.mop.json`), await saveMixture(recovered.mixture))
  const { report, truth, distance, equalDistance, trueGain } = recovered
  const { heldOut, gate, personaSizes, warnings } = report
  keep(part, {
    records: report.records,
    heldOut,
    gate,
    groups: shippedGroups.map(({ name }, index) => ({
      name,
      truth: truth[index],
      size: personaSizes[index],
      temperature: report.temperatures[index],
    })),
    distance,
    equalDistance,
    trueGain,
    warnings,
  })
}

/** The mixtures of the fits found in --out. */
const arms: CoverageArm[] = []
for (const { name, interestSpread } of fits) {
  const file = join(out, `${name}.mop.json`)
  if (!existsSync(file)) continue
  const { mixture } = await loadMixture(readFileSync(file, 'utf8'))
  arms.push({ name, mixture, encoder: encoderFromState(mixture.encoder.state), interestSpread })
}
const main = arms.find(({ name }) => name === 'mixture')

if (wanted.has('coverage')) {
  const cooler = main === undefined ? [] : [{ ...main, name: 'mixture, cooler', temperatureScale: 0.7 }]
  const onProgress = (text: string): void => say(`coverage: ${text}`)
  const own = random.fork('mixture').fork('coverage')
  keep(
    'coverage',
    await coverage({
      arms: [...arms, ...cooler],
      draws: Number(values.draws),
      generator,
      random: own,
      onProgress,
    }),
  )
}

if (wanted.has('samples') && main !== undefined) {
  const own = random.fork('samples')
  const free = domains.filter((domain) => domain !== 'survey')
  const occasions = [1, 2].map(() => drawOccasion(own.pick(free), own))
  keep('samples', await drawSamples(main, generator, occasions, 30, own))
}
