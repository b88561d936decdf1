import { type Persona, sampleRespondents, splitRecords } from '@mop/core'
import type { CommandContext } from '../command-context.ts'
import { withWayOut } from '../errors/way-out-of-too-long.ts'
import { assertWritable } from '../files/assert-writable.ts'
import { readPersonas } from '../files/read-personas.ts'
import { populationNotes, readPopulation } from '../files/read-population.ts'
import { type FitJob, type PreparedFit, prepareFit, runFit, saveFit } from './fit-job.ts'
import { progressStep } from './fit-progress.ts'
import { fitSummary } from './fit-summary.ts'
import { openModel } from '../models/open-model.ts'
import { settle } from '../options/settle.ts'
import { countOf, formatCount, formatDuration } from '../output/format-number.ts'
import { fieldLines } from '../output/field-lines.ts'
import { createProgress } from '../output/progress.ts'
import type { Terminal } from '../output/terminal.ts'
import { confirm } from '../output/confirm.ts'
import { fitDefaults, type FitFlags } from './fit-settings.ts'

/** A fit estimated to take longer is confirmed by the person at the terminal, unless `--yes`. */
const confirmAboveSeconds = 60

export async function performFit(
  recordsFile: string,
  flags: FitFlags,
  context: CommandContext,
): Promise<void> {
  const { terminal, config, signal } = context
  const { model: modelUri, encoder: encoderUri, seed } = config
  const settings = settle<typeof fitDefaults, FitFlags>(fitDefaults, flags, config.fit as FitFlags, {
    ...(modelUri !== undefined && { model: modelUri }),
    ...(encoderUri !== undefined && { encoder: encoderUri }),
    ...(seed !== undefined && { seed }),
  })
  const { output, table = `${output}.likelihoods.jsonl` } = settings
  await assertWritable(output)
  using progress = createProgress(terminal)

  const {
    records: all,
    report: read,
    placeOf,
  } = await readPopulation(recordsFile, {
    format: settings.format,
    map: settings.map,
    delimiter: settings.delimiter,
    signal,
  })
  for (const note of populationNotes(read)) terminal.note(note)
  const records = settings.limit === undefined ? all : sampleRespondents(all, settings.limit, settings.seed)
  const split = splitRecords(records, { ...settings, seed: settings.seed })
  const personas = await personasOf(settings.personas)

  await using model = await openModel(settings.model, settings.context ?? config.context)
  const job: FitJob = {
    split,
    model,
    personas,
    table,
    signal,
    encoder: settings.encoder,
    seed: settings.seed,
    exemplars: {
      count: settings.exemplars,
      ...(settings.strata !== undefined && { strata: settings.strata }),
    },
    describe: settings.describe ?? (model.shipped ? 'statistics' : 'model'),
    private: settings.private,
    rounds: settings.rounds,
    pairs: settings.pairs,
    heldOutPairs: settings.heldOutPairs,
    budget: settings.budget,
    temperatures: settings.temperatures,
    rank: settings.rank,
  }
  progress.update({ label: 'Preparing personas, exemplars and the estimate', done: 0, total: 1 })
  const explain = (error: unknown): never => {
    throw withWayOut(error, model, placeOf)
  }
  await using prepared = await prepareFit(job).catch(explain)
  progress.finish()
  announce(terminal, { job, prepared, records: records.length, of: all.length })
  if (prepared.cost.seconds > confirmAboveSeconds && settings.yes !== true) {
    if (!(await confirm(terminal, 'Start?', signal))) {
      terminal.note('Nothing was computed.')
      return
    }
  }
  context.whenInterrupted(`Every likelihood so far is kept in ${table}. The same command goes on from there.`)
  const fitted = await runFit(prepared, (step) =>
    progress.update(progressStep(step, prepared.plan.rounds)),
  ).catch(explain)
  progress.finish()
  const saved = await saveFit(job, fitted, output)
  const warnings = fitted.report.warnings.map((warning) => context.inFlags(warning))
  terminal.print(fitSummary({ ...fitted, warnings, saved, table, terminal }))
  terminal.json({ ...saved, table, report: fitted.report })
}

async function personasOf(
  personas: number | string,
): Promise<readonly Persona[] | { readonly count: number }> {
  if (typeof personas === 'string') return readPersonas(personas)
  return personas === 0 ? [{ id: 'none', text: '' }] : { count: personas }
}

function announce(
  terminal: Terminal,
  { job, prepared, records, of }: { job: FitJob; prepared: PreparedFit; records: number; of: number },
): void {
  const { split, model } = job
  const { population, plan, file, cost } = prepared
  const some =
    records === of ? countOf(records, 'record') : `${formatCount(records)} of ${countOf(of, 'record')}`
  const described =
    'count' in job.personas
      ? ` (described ${job.describe === 'model' ? 'by the model' : 'from statistics of the records'})`
      : ''
  const calls = Math.max(0, plan.calls - file.resumed)
  const fields: (readonly [string, string])[] = [
    [
      'Records',
      `${some}: ${formatCount(split.train.length)} to learn from, ${formatCount(split.validation.length)} to choose on, ${formatCount(split.heldOut.length)} held out`,
    ],
    ['Model', model.id],
    ['Encoder', prepared.encoder.encoder.id],
    [
      'Mixture',
      `${countOf(population.personas.length, 'persona')}${described}, ${countOf(population.exemplars.length, 'exemplar')}`,
    ],
    [
      'Cost',
      `at most ${countOf(calls, 'likelihood')}, about ${formatCount(cost.tokens)} tokens, ${formatDuration(cost.seconds)}${plan.reducedByBudget ? ' (made smaller to keep to the budget)' : ''}`,
    ],
  ]
  if (file.resumed > 0) {
    const torn = file.tornBytes > 0 ? '; a line cut off in the middle was removed' : ''
    fields.push(['Resumed', `${countOf(file.resumed, 'likelihood')} already in the table${torn}`])
  }
  terminal.note(fieldLines(fields, terminal.width))
}
