import type { GroupCondition } from '../mixture/attribute-table.ts'
import type { Usage } from '../ports/usage.ts'

/** One simulated response, with everything needed to know where it came from and to draw it again. */
export interface SimulatedRow {
  /** `<input id>:<number of the draw>`; stable over resumed runs. */
  readonly id: string
  readonly inputId: string
  readonly input: string
  readonly output: string
  /** Ids of the personas in the prompt; several where L > 1. */
  readonly personas: readonly string[]
  /** Ids of the exemplars in the prompt, in the order of the personas. */
  readonly exemplars: readonly string[]
  readonly temperature: number
  /** Probability of the draw given the input, and within the group where there is one. */
  readonly probability: number
  /** Of the generator: the same request with this seed gives this output again, where the model can promise it. */
  readonly seed: number
  readonly model: string
  /** The group that was asked for. Absent where everybody was. */
  readonly given?: GroupCondition
  readonly finishReason: 'stop' | 'length'
  readonly usage: Usage
}
