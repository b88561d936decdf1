import type { Problem } from '../../api-contract.ts'
import type { FitRequest } from '../../api-contract.ts'
import type { RecordFile } from '../populations/record-file.ts'
import type { FitStep } from './run-fit.ts'

/** To the process that fits. */
export type FitCommand =
  | {
      readonly type: 'start'
      readonly file: RecordFile
      readonly request: FitRequest
      readonly table: string
      /** Where the mixture goes. */
      readonly output: string
    }
  | { readonly type: 'cancel' }

/** From it. The last one says how it ended. */
export type FitMessage =
  | { readonly type: 'progress'; readonly step: FitStep }
  | { readonly type: 'done'; readonly likelihoods: number }
  | { readonly type: 'cancelled' }
  | { readonly type: 'failed'; readonly problem: Problem }
