import { createHash } from 'node:crypto'
import { join } from 'node:path'
import {
  bindEncoder,
  createRandom,
  type PopulationRecord,
  sampleRespondents,
  simulate,
  splitRecords,
} from '@mop/core'
import type { CommandContext } from '../command-context.ts'
import { writeAtomically } from '../files/write-atomically.ts'
import { type FitJob, type PreparedFit, prepareFit, runFit, saveFit } from '../fit/fit-job.ts'
import { progressStep } from '../fit/fit-progress.ts'
import { inputsOfTexts } from '../files/read-inputs.ts'
import { openModel, type OpenedModel } from '../models/open-model.ts'
import { formatDuration } from '../output/format-number.ts'
import { createProgress } from '../output/progress.ts'
import { demoDefaults, type DemoFlags, demoSizes } from './demo-settings.ts'
import { demoOpening, demoResult } from './demo-text.ts'
import { totalVariation, trueShares } from './group-shares.ts'
import { readSociety } from './society.ts'
import { varietyOf } from './variety.ts'

/** The whole path once: a population in, a fitted mixture, a simulated population out. */
export async function performDemo(flags: DemoFlags, context: CommandContext): Promise<void> {
  const { terminal, signal } = context
  const folder = flags.output ?? demoDefaults.output
  const seed = flags.seed ?? demoDefaults.seed
  const start = performance.now()
  using progress = createProgress(terminal)
  const society = await readSociety()
  await using model = await openModel('local')
  const table = join(folder, `likelihoods-${shortHash(model.id)}.jsonl`)
  const jobOf = (size: number): FitJob => ({
    split: splitRecords(sampleRespondents(society.records, size, seed), { seed }),
    model,
    table,
    seed,
    signal,
    encoder: 'lsa',
    personas: society.personas,
    exemplars: { count: demoSizes.exemplars },
    describe: 'statistics',
    private: false,
    rounds: demoSizes.rounds,
    pairs: demoSizes.pairs,
  })
  await using prepared = await prepareWithin(jobOf)
  const { job, plan, file, cost } = prepared
  const { split } = job
  terminal.print(
    demoOpening({
      terminal,
      records: [...split.train, ...split.validation, ...split.heldOut],
      split,
      groups: society.groups.length,
      exemplars: prepared.population.exemplars.length,
      model: model.id,
      calls: plan.calls,
      found: file.resumed,
      reduced: split.train.length + split.validation.length + split.heldOut.length < demoSizes.records,
      seconds: cost.seconds,
    }),
  )
  context.whenInterrupted(`Every likelihood so far is kept in ${table}. \`mop demo\` goes on from there.`)
  const fitted = await runFit(prepared, (step) => progress.update(progressStep(step, plan.rounds)))
  progress.finish()
  const saved = await saveFit(job, fitted, join(folder, 'mixture.json'))
  const { mixture, report } = fitted

  const asked = mostAsked(split.heldOut, demoSizes.inputsAsked)
  const inputs = inputsOfTexts(asked.map(({ input }) => input))
  const bound = bindEncoder(mixture, prepared.encoder.encoder)
  const rows = await simulate({
    mixture,
    encoder: bound.encoder,
    generator: model.generator,
    inputs,
    seed,
    signal,
    draws: demoSizes.draws,
    onProgress: (done, total) => progress.update({ label: 'Simulating', done, total }),
  })
  const texts = rows.map(({ input }) => input)
  const bare = await bareAnswers(model, texts, {
    temperature: report.heldOut.bare.temperature,
    seed,
    signal,
    onDone: (done) => progress.update({ label: 'Asking the bare model the same', done, total: texts.length }),
  })
  progress.finish()
  const simulated = join(folder, 'simulated.jsonl')
  const rowsText = rows.map((row) => `${JSON.stringify(row)}\n`).join('')
  await writeAtomically(simulated, rowsText)
  await writeAtomically(
    join(folder, 'bare.jsonl'),
    bare.map((output, index) => `${JSON.stringify({ input: texts[index], output })}\n`).join(''),
  )
  const truth = trueShares(prepared.population.split.train, society.groupOf, society.groups)
  const uniform = society.groups.map(() => 1 / society.groups.length)
  const shares = {
    groups: society.groups,
    truth,
    recovered: report.personaSizes,
    distance: totalVariation(truth, report.personaSizes),
    uniformDistance: totalVariation(truth, uniform),
  }
  const answers = rows.map(({ output }) => output)
  const variety = {
    population: varietyOf(asked.map(({ output }) => output)),
    mixture: varietyOf(answers),
    bare: varietyOf(bare),
  }
  const seconds = (performance.now() - start) / 1000
  const samples = sampleAnswers(split.heldOut, texts, answers, bare)
  const warnings = report.warnings.map((warning) => context.inFlags(warning, 'fit'))
  terminal.print(
    demoResult({ terminal, report, warnings, shares, variety, samples, saved, simulated, table, seconds }),
  )
  terminal.json({
    seconds,
    folder,
    ...saved,
    simulated,
    table,
    heldOut: report.heldOut,
    shares,
    variety,
    samples,
  })
  terminal.note(`Done in ${formatDuration(seconds)}.`)
}

/** The held-out records of the inputs that most people answered. */
function mostAsked(records: readonly PopulationRecord[], inputs: number): readonly PopulationRecord[] {
  return [...Map.groupBy(records, ({ input }) => input).values()]
    .toSorted((a, b) => b.length - a.length)
    .slice(0, inputs)
    .flat()
}

/** A fit that is estimated to score for about as long as a demo may last: on a slow machine with fewer records. */
async function prepareWithin(jobOf: (records: number) => FitJob): Promise<PreparedFit> {
  const { records, fewestRecords, longestSeconds } = demoSizes
  const prepared = await prepareFit(jobOf(records))
  if (prepared.cost.seconds <= longestSeconds) return prepared
  const fewer = Math.floor((records * longestSeconds) / prepared.cost.seconds)
  await prepared[Symbol.asyncDispose]()
  return prepareFit(jobOf(Math.max(fewestRecords, fewer)))
}

/** One input with an answer of a real member, of the mixture and of the bare model. */
export interface SampleAnswers {
  readonly input: string
  readonly population: readonly string[]
  readonly mixture: readonly string[]
  readonly bare: readonly string[]
}

/** The held-out inputs that most people answered in free text, with what each side said. */
function sampleAnswers(
  heldOut: readonly PopulationRecord[],
  asked: readonly string[],
  mixture: readonly string[],
  bare: readonly string[],
): readonly SampleAnswers[] {
  const free = Map.groupBy(
    heldOut.filter(({ choices }) => choices === undefined),
    ({ input }) => input.trim(),
  )
  const { inputsShown, answersShown } = demoSizes
  const most = [...free].toSorted(([, a], [, b]) => b.length - a.length).slice(0, inputsShown)
  const saidTo = (input: string, answers: readonly string[]): string[] =>
    answers.filter((_, index) => asked[index] === input).slice(0, answersShown)
  return most.map(([input, records]) => ({
    input,
    population: records.slice(0, answersShown).map(({ output }) => output),
    mixture: saidTo(input, mixture),
    bare: saidTo(input, bare),
  }))
}

async function bareAnswers(
  model: OpenedModel,
  inputs: readonly string[],
  options: {
    readonly temperature: number
    readonly seed: number | string
    readonly signal: AbortSignal
    readonly onDone: (done: number) => void
  },
): Promise<readonly string[]> {
  const random = createRandom(options.seed).fork('bare answers')
  let done = 0
  const { generations } = await model.generator.generate(
    inputs.map((input, index) => ({
      messages: [{ role: 'user' as const, content: input }],
      temperature: options.temperature,
      seed: Math.floor(random.fork(String(index)).next() * 2 ** 31),
    })),
    { signal: options.signal, onGeneration: () => options.onDone(++done) },
  )
  return generations.map(({ text }) => text)
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8)
}
