import { fileURLToPath } from 'node:url'
import { bindEncoder, createRandom, fit, preparePopulation, simulate, splitRecords } from '@mop/core'
import { loadRecords } from '@mop/core/readers'
import { fitLatentSemanticEncoder, openLocal } from '@mop/local'

const file = fileURLToPath(import.meta.resolve('@mop/local/data/society.jsonl'))
const { records } = await loadRecords(file)
await using local = await openLocal()

// Hold people out before anything is learned from the others.
const split = splitRecords(records.slice(0, 120), { seed: 1 })
const encoder = fitLatentSemanticEncoder(split.train.map(({ input, output }) => `${input}\n${output}`))
const population = await preparePopulation(split, {
  encoder,
  seed: 1,
  personas: { count: 4 },
  exemplars: { count: 12 },
})

const { mixture, report } = await fit(population, { encoder, scorer: local.scorer, seed: 1, rounds: 2 })
for (const way of ['bare', 'uniform', 'constant', 'mixture'] as const) {
  console.log(way, report.heldOut[way].perRecord.toFixed(2), 'nats per held-out record')
}

const input = 'Review a film.'
console.log(await bindEncoder(mixture, encoder).draw(input, { random: createRandom(7) }))

const { generator } = local
const inputs = [{ id: 'film', input }]
for (const row of await simulate({ mixture, encoder, generator, inputs, draws: 5, seed: 1 })) {
  console.log('-', row.output)
}
