import type { FieldMap, Format } from '../config/config-schema.ts'

/** Options of `mop personas` as they stand on the command line. */
export interface PersonasFlags {
  readonly records?: string
}

/** Options of `mop personas synthesise` as they stand on the command line. */
export interface SynthesiseFlags {
  readonly count?: number
  readonly output?: string
  readonly format?: Format
  readonly map?: FieldMap
  readonly delimiter?: string
  readonly model?: string
  readonly context?: number
  readonly encoder?: string
  readonly describe?: 'statistics' | 'model'
  readonly seed?: number | string
  readonly private?: boolean
}
