import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { bindEncoder, type BoundMixture, type LoadedMixture, loadMixture } from '@mop/core'
import { encoderFromState } from '@mop/local'
import { readShownReport, type ShownReport } from './shown-report.ts'

/** A mixture as it lies in a population's folder, ready to be asked. */
export interface FittedMixture {
  readonly bound: BoundMixture
  readonly report: ShownReport
  /** As it stands in the artifact. */
  readonly fullReport: unknown
  readonly contains: LoadedMixture['contains']
}

/** @throws ArtifactError, EncoderStateError or EncoderMismatchError for a file that this release cannot use. */
export async function readFittedMixture(path: string): Promise<FittedMixture | undefined> {
  if (!existsSync(path)) return undefined
  const { mixture, contains, report } = await loadMixture(await readFile(path, 'utf8'), {
    file: 'mixture.json',
  })
  return {
    bound: bindEncoder(mixture, encoderFromState(mixture.encoder.state)),
    report: readShownReport(report),
    fullReport: report,
    contains,
  }
}
