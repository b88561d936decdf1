/**
 * Whole evaluations: a mixture is fitted on a part of a population's records, and `mop evaluate` compares it on the others with every
 * other way. The society is generated; the records of real people are read from `--data FOLDER`. Everything goes into `--work FOLDER`, a folder
 * for each population with its `report.html`; begun again it goes on where it stopped. Arguments: names of populations (default: all).
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { splitRecords, type PopulationRecord } from '@mop/core'
import { loadRecords } from '@mop/core/readers'
import { populations, type Population } from './populations/population.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { data: { type: 'string' }, work: { type: 'string' } },
})
if (values.work === undefined) throw new Error('--work FOLDER: where the records, mixtures and reports go')
const work = values.work
const unknown = positionals.find((wanted) => !populations.some(({ name }) => name === wanted))
if (unknown !== undefined)
  throw new Error(`no population ${unknown}; there are ${populations.map(({ name }) => name).join(', ')}`)

const run = (program: readonly string[]): void => {
  process.stdout.write(`\n$ node ${program.join(' ')}\n`)
  const started = performance.now()
  const { status, signal } = spawnSync(process.execPath, program, { stdio: 'inherit' })
  if (status !== 0) throw new Error(`ended with ${signal ?? `exit code ${status}`}`)
  process.stdout.write(`took ${((performance.now() - started) / 1000).toFixed(0)} s\n`)
}
const mop = new URL('../../packages/cli/dist/bin.js', import.meta.url).pathname
const generator = new URL('../../packages/local/training/population/main.ts', import.meta.url).pathname

const write = (file: string, records: readonly PopulationRecord[]): void =>
  writeFileSync(file, records.map((record) => `${JSON.stringify(record)}\n`).join(''))

/** 2,000 records of one society to fit on, 4,000 of other members of the same groups to test on. */
async function generateSociety(folder: string): Promise<void> {
  for (const [seed, records, name] of [
    ['778', '2000', 'train'],
    ['777', '4000', 'test'],
  ] as const) {
    const out = join(folder, name)
    mkdirSync(out, { recursive: true })
    run([generator, '--seed', seed, '--records', records, '--respondents', '10', '--out', out])
    const { records: generated } = await loadRecords(join(out, 'society.jsonl'))
    // The generator numbers records and members of each society from 1 on: these are others.
    write(
      join(folder, `${name}.jsonl`),
      generated.map((record) => ({
        ...record,
        id: `${name} ${record.id}`,
        ...(record.respondent !== undefined && { respondent: `${name} ${record.respondent}` }),
      })),
    )
  }
  const described = JSON.parse(
    readFileSync(join(folder, 'train/society.personas.json'), 'utf8'),
  ) as readonly {
    readonly group: string
    readonly behavioural: string
  }[]
  const personas = described.map(({ group, behavioural }) => ({ id: group, text: behavioural }))
  writeFileSync(join(folder, 'personas.json'), JSON.stringify(personas, null, 2))
}

async function splitReal({ name, training = 0.5 }: Population, folder: string): Promise<void> {
  if (values.data === undefined) throw new Error(`--data FOLDER: where ${name}.jsonl is`)
  const { records } = await loadRecords(join(values.data, `${name}.jsonl`))
  const { train, validation, heldOut } = splitRecords(records, {
    seed: 1,
    heldOut: 1 - training,
    validation: training / 2,
  })
  write(join(folder, 'train.jsonl'), [...train, ...validation])
  write(join(folder, 'test.jsonl'), heldOut)
}

for (const population of populations) {
  const { name, training, fit, refits, arms, evaluate } = population
  if (positionals.length > 0 && !positionals.includes(name)) continue
  const folder = join(work, name)
  const at = (file: string): string => join(folder, file)
  mkdirSync(folder, { recursive: true })
  if (!existsSync(at('test.jsonl'))) {
    if (training === undefined) await generateSociety(folder)
    else await splitReal(population, folder)
  }
  const given = existsSync(at('personas.json')) ? ['--personas', at('personas.json')] : []
  const fitting = (options: readonly string[], output: string): void => {
    const table = at(`${output}.likelihoods.jsonl`)
    if (!existsSync(at(output)))
      run([mop, 'fit', at('train.jsonl'), ...options, '--yes', '--table', table, '-o', at(output)])
  }
  fitting([...given, ...fit], 'mixture.json')
  for (const refit of refits) {
    fitting([...given, ...refit.fit], `${refit.arm}.json`)
  }
  const own = refits.map(({ arm, part }) => `${arm}:${part}=${at(`${arm}.json`)}`)
  const options = [
    '--arms',
    [arms, ...own].join(','),
    ...evaluate,
    '--training',
    at('train.jsonl'),
    '--drop-seen',
  ]
  run([
    mop,
    'evaluate',
    at('mixture.json'),
    '--records',
    at('test.jsonl'),
    ...options,
    '-o',
    at('report.json'),
  ])
}
