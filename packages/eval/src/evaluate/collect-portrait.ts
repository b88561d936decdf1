import { type BoundMixture, createRandom } from '@mop/core'
import type { ArmSlot } from '../arms/arm.ts'
import type { Embeddings } from '../embedding/embeddings.ts'
import { type CountedChoices, portrayAnswers } from './portray-answers.ts'
import { portrayCalibration } from './portray-calibration.ts'
import { portrayCosines } from './portray-cosines.ts'
import { portrayMap } from './portray-map.ts'
import { portrayWeights } from './portray-weights.ts'
import { portrayedArms } from './portrayed-arms.ts'
import type { EvaluationPortrait } from './portrait.ts'

export interface PortraitSetting {
  readonly seed: number | string
  readonly bound: BoundMixture
  readonly slots: readonly ArmSlot[]
  readonly realEmbeddings: Embeddings
  readonly signal?: AbortSignal | undefined
}

export interface PortraitCollection {
  /** The embeddings of an arm's free answers that were measured. */
  readonly texts: (arm: string, embeddings: Embeddings) => void
  /** The closed answers of an arm that were measured. */
  readonly choices: (counted: CountedChoices) => void
  readonly portray: (setting: PortraitSetting) => Promise<EvaluationPortrait>
}

/** Keeps what is drawn of the arms as they are measured: embeddings of three arms at most. */
export function collectPortrait(arms: readonly { readonly name: string }[]): PortraitCollection {
  const drawn = portrayedArms(arms.map(({ name }) => name))
  const embedded = new Map<string, Embeddings>()
  const counted: CountedChoices[] = []
  return {
    texts: (arm, embeddings) => {
      if (drawn.includes(arm)) embedded.set(arm, embeddings)
    },
    choices: (of) => void counted.push(of),
    portray: async ({ seed, bound, slots, realEmbeddings, signal }) => {
      const series = [
        { embeddings: realEmbeddings },
        ...drawn.flatMap((arm) => {
          const embeddings = embedded.get(arm)
          return embeddings === undefined ? [] : [{ arm, embeddings }]
        }),
      ]
      return {
        ...(series.length > 1 && {
          map: portrayMap(series, { random: createRandom(seed).fork('map') }),
          cosines: portrayCosines(series),
        }),
        answers: portrayAnswers(counted),
        ...(counted.length > 0 && { calibration: portrayCalibration(counted) }),
        weights: await portrayWeights(bound, slots, signal),
      }
    },
  }
}
