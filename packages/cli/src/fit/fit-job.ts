import {
  chatTemplate,
  checkLengths,
  type FitPlan,
  type FitProgress,
  type FitReport,
  fit,
  loadMixture,
  type LoadedMixture,
  type Mixture,
  type Persona,
  planFit,
  type Population,
  preparePopulation,
  type RecordSplit,
  saveMixture,
} from '@mop/core'
import { type LikelihoodFile, openLikelihoodFile } from '@mop/core/node'
import { UsageError } from '../errors/usage-error.ts'
import { writeAtomically } from '../files/write-atomically.ts'
import { type OpenedEncoder, openEncoder } from '../models/open-encoder.ts'
import type { OpenedModel } from '../models/open-model.ts'
import { type CostEstimate, estimateCost } from './estimate-cost.ts'

/** Everything that decides a fit. */
export interface FitJob {
  readonly split: RecordSplit
  readonly model: OpenedModel
  /** `lsa`, `hashed`, `local:path.gguf` or `onnx:path/to/folder`. */
  readonly encoder: string
  readonly seed: number | string
  readonly personas: readonly Persona[] | { readonly count: number }
  readonly exemplars: { readonly count: number; readonly strata?: readonly string[] }
  /** Who writes the descriptions of synthesised personas: the model, or the records' own statistics. */
  readonly describe: 'model' | 'statistics'
  /** Leaves the population's words out of the artifact and out of the personas. */
  readonly private: boolean
  readonly rounds?: number | undefined
  readonly pairs?: number | undefined
  readonly heldOutPairs?: number | undefined
  readonly budget?: number | undefined
  readonly temperatures?: readonly number[] | undefined
  readonly rank?: number | undefined
  /** Likelihood file; one that exists is continued. */
  readonly table: string
  readonly signal: AbortSignal
}

/** A fit that is ready to start: what it will cost is known. */
export interface PreparedFit extends AsyncDisposable {
  readonly job: FitJob
  readonly population: Population
  readonly encoder: OpenedEncoder
  readonly file: LikelihoodFile
  readonly plan: FitPlan
  readonly cost: CostEstimate
}

/**
 * @throws TextTooLongError for records that the model cannot take whole, before it is asked for anything.
 * @throws LikelihoodTableError where the likelihood file was made with another model.
 */
export async function prepareFit(job: FitJob): Promise<PreparedFit> {
  const { split, model, signal } = job
  // A model that describes personas is shown records, so these come first.
  await checkLengths({ split, personas: [], exemplars: [] }, { scorer: model.scorer, signal })
  const encoder = await openEncoder(job.encoder, split.train)
  try {
    return await prepareWith(job, encoder)
  } catch (error) {
    await encoder[Symbol.asyncDispose]()
    throw error
  }
}

async function prepareWith(job: FitJob, encoder: OpenedEncoder): Promise<PreparedFit> {
  const { split, model, seed, signal } = job
  const population = await preparePopulation(split, {
    encoder: encoder.encoder,
    seed,
    personas: job.personas,
    exemplars: job.exemplars,
    ...(job.describe === 'model' && { generator: model.generator }),
    quoteRecords: !job.private,
    signal,
  })
  if (population.split.train.length === 0) {
    throw new UsageError({
      message: `Nothing is left to learn from: each of the ${split.train.length} records is quoted by a persona.`,
      remedy:
        'Take fewer --personas or more records, or let personas quote nobody (--private). Answers chosen from a list need a field "choices", such as no|maybe|yes.',
    })
  }
  await checkLengths(population, { scorer: model.scorer, signal })
  const plan = await planFit(population, planOptions(job))
  const { temperatures } = plan
  const file = openLikelihoodFile(job.table, {
    scorer: model.scorer.id,
    template: chatTemplate.id,
    temperatures,
  })
  try {
    const cost = await estimateCost({
      scorer: model.scorer,
      template: chatTemplate,
      temperatures,
      signal,
      personas: population.personas,
      exemplars: population.exemplars,
      records: [...split.train, ...split.heldOut],
      calls: Math.max(0, plan.calls - file.resumed),
      recordsPerComponent: plan.trainingCalls / (plan.anchors + plan.workingSetSize),
      now: () => performance.now(),
    })
    return {
      job,
      population,
      encoder,
      file,
      plan,
      cost,
      async [Symbol.asyncDispose]() {
        file[Symbol.dispose]()
        await encoder[Symbol.asyncDispose]()
      },
    }
  } catch (error) {
    file[Symbol.dispose]()
    throw error
  }
}

export async function runFit(
  prepared: PreparedFit,
  onProgress: (progress: FitProgress) => void,
): Promise<{ readonly mixture: Mixture; readonly report: FitReport }> {
  const { job } = prepared
  return fit(prepared.population, {
    encoder: prepared.encoder.encoder,
    scorer: job.model.scorer,
    seed: job.seed,
    ...planOptions(job),
    ...(job.rank !== undefined && { rank: job.rank }),
    table: prepared.file.table,
    signal: job.signal,
    onProgress,
  })
}

export interface SavedFit {
  readonly mixtureFile: string
  readonly reportFile: string
  readonly bytes: number
  /** What the file says of people, as read back from it. */
  readonly contains: LoadedMixture['contains']
}

/** Writes mixture and report, each whole or not at all, and reads the mixture back. */
export async function saveFit(
  job: Pick<FitJob, 'private' | 'split'>,
  fitted: { readonly mixture: Mixture; readonly report: FitReport },
  mixtureFile: string,
): Promise<SavedFit> {
  const text = await saveMixture(fitted.mixture, {
    exemplarTexts: job.private ? 'omit' : 'include',
    report: fitted.report,
  })
  const { train, validation, heldOut } = job.split
  const { contains } = await loadMixture(text, {
    file: mixtureFile,
    ...(job.private && { records: [...train, ...validation, ...heldOut] }),
  })
  const reportFile = `${mixtureFile.replace(/\.json$/, '')}.report.json`
  await writeAtomically(reportFile, `${JSON.stringify(fitted.report, undefined, 2)}\n`)
  await writeAtomically(mixtureFile, text)
  return { mixtureFile, reportFile, bytes: Buffer.byteLength(text), contains }
}

function planOptions({ rounds, pairs, heldOutPairs, budget, temperatures }: FitJob) {
  return {
    ...(heldOutPairs !== undefined && { heldOutPairs }),
    ...(temperatures !== undefined && { temperatures }),
    ...(rounds !== undefined && { rounds }),
    ...(pairs !== undefined && { pairsPerRound: pairs }),
    ...(budget !== undefined && { budget: { calls: budget } }),
  }
}
