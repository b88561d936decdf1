import type { Usage } from '@mop/core'

/** One answer of an arm, of a step before its answers, or the score of a real response, with what it takes to use it again. */
export interface ArmRow {
  /** `<arm>/<slot>`, `<arm>/step <question>`, or `<arm>/score <record> <slot>`; stable over resumed runs. */
  readonly id: string
  readonly arm: string
  readonly kind: 'answer' | 'step' | 'score'
  readonly input: string
  /** The group that was asked for, one label for each attribute, where groups are measured. */
  readonly groups?: readonly string[]
  /** What was answered; where the choices were weighed, one of them drawn by its probability. Empty where a given text was scored. */
  readonly output: string
  /** p(choice | prompt) among the choices of the question, in their order, where they were weighed by likelihood. */
  readonly probabilities?: readonly number[]
  /** log p(text | prompt) in nats of a given text: a real response that is scored, or a record that is a candidate to be shown; null for −∞. */
  readonly logLikelihood?: number | null
  /** Of a score: tokens of the response, its end included. */
  readonly tokens?: number
  /** Ids of the personas and exemplars in the prompt. */
  readonly personas: readonly string[]
  readonly exemplars: readonly string[]
  readonly temperature: number
  readonly seed: number
  readonly model: string
  readonly finishReason: 'stop' | 'length'
  readonly usage: Usage
}
