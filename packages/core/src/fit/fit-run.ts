import type { GateParameters } from '../gate/gate-parameters.ts'
import type { ProjectedGate } from '../gate/projected-gate.ts'
import type { LikelihoodTable } from '../likelihood/likelihood-table.ts'
import type { ScoreTask } from '../likelihood/score-components.ts'
import type { Random } from '../random/random.ts'
import type { BuiltGateData } from './build-gate-data.ts'
import type { Clues } from './component-proposals.ts'
import type { ConstantGateFit } from './fit-constant-gate.ts'
import { componentAt, type FitData } from './fit-data.ts'
import type { FittedGate } from './fit-gate.ts'
import type { FitOptions } from './fit-options.ts'
import type { FitPhase } from './fit-report.ts'
import type { FitPlan } from './plan-fit.ts'

/** What a scoring round taught. */
export interface LearnedGate {
  readonly parameters: GateParameters
  /** The same, projected and rounded as an artifact stores it. */
  readonly gate: ProjectedGate
  readonly constant: ConstantGateFit
  readonly fitted: FittedGate
  readonly train: BuiltGateData
}

/** Where to look for the components that explain an item. */
export interface Guide {
  /** Of each persona, as component indices. */
  readonly anchors: Int32Array
  readonly clues: Clues
}

/** One running fit: what all its phases share. */
export interface FitRun {
  readonly data: FitData
  readonly plan: FitPlan
  readonly options: FitOptions
  readonly table: LikelihoodTable
  readonly random: Random
  /** Scores the tasks that the table lacks. */
  score(tasks: readonly ScoreTask[], phase: FitPhase, round?: number): Promise<void>
}

/** The task of scoring one item under a component, or bare. */
export function taskOf(data: FitData, item: number, component?: number): ScoreTask {
  const pair = component === undefined ? { persona: -1, exemplar: -1 } : componentAt(data, component)
  return { item: data.items[item] as FitData['items'][number], ...pair }
}
