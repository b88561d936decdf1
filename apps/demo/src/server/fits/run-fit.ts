import {
  chatTemplate,
  checkLengths,
  defaultTemperatures,
  exemplarText,
  fit,
  type FitReport,
  type LikelihoodScorer,
  type Mixture,
  type Persona,
  planFit,
  type PopulationRecord,
  preparePopulation,
  sampleRespondents,
  saveMixture,
  splitRecords,
} from '@mop/core'
import { openLikelihoodFile } from '@mop/core/node'
import { fitLatentSemanticEncoder } from '@mop/local'
import type { FitRequest } from '../../api-contract.ts'
import { ProblemError } from '../http/problem-error.ts'
import { fitProgressLabel } from './fit-progress-label.ts'

export interface FitInputs {
  readonly records: readonly PopulationRecord[]
  /** Where the request asks for the given ones. */
  readonly personas: readonly Persona[]
  readonly request: FitRequest
  readonly scorer: LikelihoodScorer
  /** Likelihood file; one that exists is continued. */
  readonly table: string
  readonly signal: AbortSignal
  readonly onProgress: (progress: FitStep) => void
}

/** How far a fit is. */
export interface FitStep {
  readonly label: string
  readonly done: number
  readonly total: number
  /** In the table, those of earlier fits included; absent before it is open. */
  readonly likelihoods?: number | undefined
  readonly likelihoodsNeeded?: number | undefined
}

export interface Fitted {
  readonly mixture: Mixture
  readonly report: FitReport
  /** The artifact, with the report in it. */
  readonly text: string
  readonly likelihoods: number
}

/** A fit from records to artifact: the same for the page and for what is shipped. */
export async function runFit(inputs: FitInputs): Promise<Fitted> {
  const { request, scorer, signal, onProgress } = inputs
  const { seed, rounds, pairs } = request
  const sampled = sampleRespondents(inputs.records, request.records, seed)
  if (sampled.length === 0) throw tooFewFor(request.records)
  const split = splitRecords(sampled, { seed })
  onProgress({ label: 'Preparing personas and exemplars', done: 0, total: 1 })
  await checkLengths({ split, personas: [], exemplars: [] }, { scorer, signal })
  const encoder = fitLatentSemanticEncoder(
    split.train.flatMap((record) => [record.input, exemplarText(record)]),
  )
  const population = await preparePopulation(split, {
    encoder,
    seed,
    personas: request.personas === 'given' ? inputs.personas : { count: request.personas },
    exemplars: { count: request.exemplars },
    signal,
  })
  await checkLengths(population, { scorer, signal })
  const sizes = { rounds, pairsPerRound: pairs }
  const plan = await planFit(population, sizes)
  using file = openLikelihoodFile(inputs.table, {
    scorer: scorer.id,
    template: chatTemplate.id,
    temperatures: defaultTemperatures,
  })
  const { table } = file
  const { mixture, report } = await fit(population, {
    ...sizes,
    encoder,
    scorer,
    seed,
    table,
    signal,
    onProgress: (progress) =>
      onProgress({
        label: fitProgressLabel(progress, plan.rounds),
        done: progress.done,
        total: progress.total,
        likelihoods: table.size,
        likelihoodsNeeded: plan.calls,
      }),
  })
  return { mixture, report, text: await saveMixture(mixture, { report }), likelihoods: table.size }
}

/** Respondents stay whole, so that nobody is both learned from and held out. */
function tooFewFor(records: number): ProblemError {
  return new ProblemError(422, {
    message: `Every respondent has more than ${records} records, so none fits into so few.`,
    remedy: 'Allow more records.',
    field: 'records',
  })
}
