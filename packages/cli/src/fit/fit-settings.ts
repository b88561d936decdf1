import type { FieldMap, Format } from '../config/config-schema.ts'

/** Options of `mop fit` as they stand on the command line. */
export interface FitFlags {
  readonly output?: string
  readonly format?: Format
  readonly map?: FieldMap
  readonly delimiter?: string
  readonly personas?: number | string
  readonly exemplars?: number
  readonly strata?: readonly string[]
  readonly rounds?: number
  readonly pairs?: number
  readonly heldOutPairs?: number
  readonly budget?: number
  readonly seed?: number | string
  readonly heldOut?: number
  readonly validation?: number
  readonly temperatures?: readonly number[]
  readonly rank?: number
  readonly model?: string
  readonly context?: number
  readonly encoder?: string
  readonly describe?: 'statistics' | 'model'
  readonly limit?: number
  readonly private?: boolean
  readonly table?: string
  readonly yes?: boolean
}

export const fitDefaults = {
  output: 'mixture.json',
  model: 'local',
  encoder: 'lsa',
  seed: 1,
  personas: 12,
  exemplars: 48,
  heldOut: 0.2,
  validation: 0.2,
  private: false,
} as const
