import { chatTemplate, type Mixture, type PopulationRecord } from '@mop/core'
import {
  type ArmRow,
  evaluateArms,
  type EvaluationReport,
  type HonestSplit,
  honestSplit,
  partRemarks,
  reportHtml,
} from '@mop/eval'
import type { CommandContext } from '../command-context.ts'
import { FileError } from '../errors/file-error.ts'
import { UsageError } from '../errors/usage-error.ts'
import { withWayOut } from '../errors/way-out-of-too-long.ts'
import { assertWritable } from '../files/assert-writable.ts'
import { attributesDigest, digestOf, mixtureDigest } from '../files/mixture-digest.ts'
import { readMixture } from '../files/read-mixture.ts'
import { populationNotes, readPopulation } from '../files/read-population.ts'
import { openResumableRows } from '../files/resumable-rows.ts'
import { assertSameRun } from '../files/run-file.ts'
import { writeAtomically } from '../files/write-atomically.ts'
import { encoderFlag, openEncoder, reopenEncoder } from '../models/open-encoder.ts'
import { openModel } from '../models/open-model.ts'
import { settle } from '../options/settle.ts'
import { countOf } from '../output/format-number.ts'
import { createProgress } from '../output/progress.ts'
import type { Terminal } from '../output/terminal.ts'
import { wrap } from '../output/wrap.ts'
import { armRowOf } from './arm-row-of.ts'
import { evaluateDefaults, type EvaluateFlags } from './evaluate-settings.ts'
import {
  ablationLines,
  evaluationTable,
  groupTable,
  likelihoodLines,
  spreadLines,
  warningLines,
} from './evaluation-table.ts'
import { assertOneEncoder, mixturesOfArms, readArms } from './read-arms.ts'
import { versions } from './versions.ts'

/** Of a mixture saved with --private: `--records` are others here. */
const withoutTexts =
  'Give the records it was fitted on with --training, in a file without those that it is to be judged on.'

export async function performEvaluate(
  mixtureFile: string,
  flags: EvaluateFlags,
  context: CommandContext,
): Promise<void> {
  const { terminal, config, signal } = context
  // Without a flag the command line says true: only false was said by somebody.
  const given = { ...flags, samples: flags.samples === false ? false : undefined }
  const settings = settle<typeof evaluateDefaults, EvaluateFlags>(
    evaluateDefaults,
    given as EvaluateFlags,
    config.evaluate as EvaluateFlags,
    {
      records: flags.records,
      ...(config.model !== undefined && { model: config.model }),
      ...(config.seed !== undefined && { seed: config.seed }),
    },
  )
  const { output, responses, seed, groups, temperature, maxTokens } = settings
  const reading = { format: settings.format, map: settings.map, delimiter: settings.delimiter, signal }
  const answers = answersFileOf(output)
  const ofMixtures = { records: settings.training, reading, remedy: withoutTexts, signal }
  const arms = await readArms(settings.arms, ofMixtures)
  await assertWritable(output)
  using progress = createProgress(terminal)
  const { records, report: read, placeOf } = await readPopulation(settings.records, reading)
  for (const note of populationNotes(read)) terminal.note(note)
  const training =
    settings.training === undefined ? undefined : (await readPopulation(settings.training, reading)).records
  const { mixture } = await readMixture(mixtureFile, ofMixtures)
  // Refused before a file is begun for it.
  assertOneEncoder(arms, mixture)
  const split = await honestSplit(records, { mixture, training, arms, dropSeen: settings.dropSeen })
  assertSomeLeft(split, settings.records)
  assertKnown(groups, mixture, split.records)
  assertClasses(settings.classes, groups)
  await using encoder = await reopenEncoder(mixture.encoder, encoderFlag(settings.encoder, config))
  await using judge =
    settings.judge === undefined
      ? undefined
      : await openEncoder(settings.judge, [...split.records, ...(training ?? [])])
  await using model = await openModel(settings.model, settings.context ?? config.context)
  await assertSameRun(
    answers,
    {
      mixture: mixtureDigest(mixture),
      model: model.id,
      seed,
      records: digestOf(JSON.stringify(records)),
      training: training === undefined ? null : digestOf(JSON.stringify(training)),
      responses,
      groups: groups === undefined ? null : `${JSON.stringify(groups)} ${attributesDigest(mixture)}`,
      'closed answers': settings.closed,
      temperature: temperature ?? null,
      'maximum of tokens': maxTokens ?? null,
      'seen records':
        settings.dropSeen === true
          ? `dropped, leaving ${digestOf(JSON.stringify(split.records))}`
          : 'refused',
      template: chatTemplate.id,
    },
    mixturesOfArms(arms),
  )
  const completed: ArmRow[] = []
  using rows = openResumableRows(answers, (row, line) => {
    completed.push(armRowOf(row, { path: answers, line }))
  })
  if (completed.length > 0) terminal.note(`${alreadyIn(completed)} already in ${answers}.`)
  terminal.note(`${countOf(arms.length, 'arm')} × ${countOf(responses, 'answer')} with ${model.id}`)
  context.whenInterrupted(`The answers so far are in ${answers}. The same command goes on from there.`)
  const made: ArmRow[] = []
  const found = new Map<string, number>()
  const count = ({ arm, kind }: ArmRow): number => {
    const done = (found.get(`${kind} ${arm}`) ?? 0) + 1
    found.set(`${kind} ${arm}`, done)
    return done
  }
  for (const row of completed) count(row)
  let toScore = 0
  const report = await evaluateArms({
    mixture,
    encoder: encoder.encoder,
    judge: judge?.encoder,
    generator: model.generator,
    scorer: model.scorer,
    closedAnswers: settings.closed,
    heldOut: { records: settings.heldOut },
    classes: settings.classes,
    records,
    training,
    arms,
    n: responses,
    seed,
    groups,
    temperature,
    maxTokens,
    completed,
    signal,
    environment: versions(),
    dropSeen: settings.dropSeen,
    poolQuestions: settings.poolQuestions,
    concurrency: settings.concurrency,
    resamples: settings.resamples,
    onRow: (row) => {
      rows.append(row)
      made.push(row)
      const done = count(row)
      if (row.kind === 'answer') progress.update({ label: `Asking ${row.arm}`, done, total: responses })
      // Rows of an earlier run for more real answers count too.
      if (row.kind === 'score')
        progress.update({
          label: `Scoring real answers under ${row.arm}`,
          done: Math.min(done, toScore),
          total: toScore,
        })
    },
    onStep: (arm, done, total) => progress.update({ label: `Preparing ${arm}`, done, total }),
    onPhase: (arm, phase, rowsOfPhase = 0) => {
      if (phase === 'score') toScore = rowsOfPhase
      if (phase === 'measure') progress.update({ label: `Measuring ${arm}`, done: 0, total: 1 })
    },
  }).catch((error: unknown) => {
    throw withWayOut(error, model, placeOf)
  })
  progress.finish()
  const page = `${output.replace(/\.json$/, '')}.html`
  await writeAtomically(output, `${JSON.stringify(report, undefined, 2)}\n`)
  await writeAtomically(
    page,
    reportHtml(report, {
      rows: [...completed, ...made].toSorted(byId),
      records: split.records,
      personas: mixture.personas,
      ...(settings.samples === false && { samples: 0 }),
    }),
  )
  const files = `Report: ${page}, as data: ${output}, answers: ${answers}`
  terminal.print(summary(report, { terminal, files, mixtureFile }))
  terminal.json(report)
}

function assertSomeLeft({ records, dropped }: HonestSplit, path: string): void {
  if (records.some(({ weight = 1 }) => weight > 0)) return
  throw new FileError({
    path,
    problem:
      records.length === 0
        ? `the mixture has seen ${dropped === 1 ? 'the one record' : `all ${dropped} records`}.`
        : 'no record that the mixture has not seen has a weight above 0.',
    remedy: 'Give records that the fit held out, or of other people.',
  })
}

function assertKnown(
  groups: readonly string[] = [],
  { attributes }: Mixture,
  records: readonly PopulationRecord[],
): void {
  const known = attributes.map(({ name }) => name)
  for (const group of groups) {
    if (!known.includes(group)) {
      throw new UsageError({
        message: `The mixture knows no attribute ${JSON.stringify(group)}.`,
        remedy: known.length === 0 ? 'Leave out --groups.' : `Give --groups with one of ${known.join(', ')}.`,
      })
    }
    if (!records.some(({ attributes: own }) => own?.[group] !== undefined)) {
      throw new UsageError({
        message: `None of the --records has an attribute ${JSON.stringify(group)}.`,
        remedy: 'Add it to the records, or leave it out of --groups.',
      })
    }
  }
}

function assertClasses(classes: string | undefined, groups: readonly string[] = []): void {
  const known = ['input', ...groups]
  if (classes === undefined || known.includes(classes)) return
  throw new UsageError({
    message: `--classes must be of ${known.join(', ')}; found ${JSON.stringify(classes)}.`,
    remedy: 'Name an attribute in --groups too to have its groups told apart.',
  })
}

function alreadyIn(completed: readonly ArmRow[]): string {
  const scores = completed.filter(({ kind }) => kind === 'score').length
  const others = countOf(completed.length - scores, 'answer')
  return scores === 0 ? others : `${others} and ${countOf(scores, 'score')} of real answers`
}

/** The file of the answers beside a report. @throws UsageError for a report that would be taken for it, or for the page. */
function answersFileOf(output: string): string {
  const [, other] = /\.(jsonl|html?)$/i.exec(output) ?? []
  if (other === undefined) return `${output}.answers.jsonl`
  throw new UsageError({
    message: `--output ${output} is to be JSON, not ${other.toUpperCase()}${other === 'jsonl' ? '' : ': the page is written beside it'}.`,
    remedy: 'Give a name such as report.json.',
  })
}

/** So that the page does not depend on which call was answered first. */
function byId(one: ArmRow, other: ArmRow): number {
  return one.id < other.id ? -1 : 1
}

function summary(
  report: EvaluationReport,
  { terminal, files, mixtureFile }: { terminal: Terminal; files: string; mixtureFile: string },
): string {
  const { records, split } = report
  const against = comparedWith(split.against, split.against.training)
  const dropped = split.dropped === 0 ? '' : `; ${countOf(split.dropped, 'record')} left out as seen`
  const lines = [
    `${mixtureFile} with ${report.model}: ${countOf(records.used, 'held-out record')}, ${records.inputsAsked} of ${countOf(records.inputs, 'input')} asked.`,
    `None of the records is among ${against.join(', ')}, by id, respondent or text${dropped}.`,
    ...(split.mixtures ?? []).map(
      (own) => `Nor, of the mixture of ${own.arm}, among ${comparedWith(own).join(', ')}.`,
    ),
    ...report.arms.flatMap(({ name, calls, cutOff }) => [
      ...(calls.steps > 0 ? [`${name} took ${countOf(calls.steps, 'call')} more.`] : []),
      ...(cutOff > 0 ? [`${name}: ${countOf(cutOff, 'answer')} cut off at the limit of tokens.`] : []),
    ]),
    ...partRemarks(report),
    ...likelihoodLines(report),
    ...spreadLines(report),
    ...report.notes,
    ...warningLines(report),
    files,
  ]
  return [
    evaluationTable(report, terminal),
    ...(report.groups === undefined ? [] : ['', groupTable(report, terminal)]),
    '',
    ...[...ablationLines(report), ...lines].map((line) => wrap(line, terminal.width)),
  ].join('\n')
}

function comparedWith(
  {
    exemplars,
    personaRecords,
    fitted,
  }: { readonly exemplars: number; readonly personaRecords: number; readonly fitted: number },
  training = 0,
): readonly string[] {
  return [
    countOf(exemplars, 'exemplar'),
    ...(personaRecords > 0 ? [`${countOf(personaRecords, 'record')} of personas`] : []),
    ...(fitted > 0 ? [`${countOf(fitted, 'record')} it was fitted on`] : []),
    ...(training > 0 ? [countOf(training, 'training record')] : []),
  ]
}
