import type { DrawReport } from '@mop/core'

/** What stands in `providerMetadata.mop` of a result and of a stream's `finish` part: ids, no text of the population. */
export type MopMetadata = {
  /** Of each component in the prompt. */
  personas: string[]
  exemplars: string[]
  /** Of this draw given the input (and the group or persona asked for). */
  probability: number
  /** At which the model was asked: the caller's where the call had one, otherwise the draw's. */
  temperature: number
  seed: number | string
}

/** @param temperature what the model is asked at. */
export function mopMetadata(report: DrawReport, temperature: number): MopMetadata {
  const { personas, exemplars, probability, seed } = report
  return { personas: [...personas], exemplars: [...exemplars], probability, temperature, seed }
}
