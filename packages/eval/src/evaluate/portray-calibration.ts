import { brierScore } from '../choice/brier-score.ts'
import { calibration } from '../choice/calibration.ts'
import { answeredPairs } from '../choice/choice-metrics.ts'
import { choiceCounts } from '../choice/choice-sample.ts'
import type { CountedChoices } from './portray-answers.ts'
import type { ArmCalibration } from './portrait.ts'

/** The reliability diagram of each arm, and what its Brier score consists of. */
export function portrayCalibration(counted: readonly CountedChoices[]): readonly ArmCalibration[] {
  return counted.map(({ arm, real, simulated }) => {
    const pairs = answeredPairs(choiceCounts(real), choiceCounts(simulated))
    return { arm, bins: calibration(pairs).bins, brier: brierScore(pairs) }
  })
}
