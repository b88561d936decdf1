import { type Mixture, type PopulationRecord, seenCount } from '@mop/core'
import type { Arm } from '../arms/arm.ts'
import type { EvaluationReport } from './evaluation-report.ts'
import { idsDigest } from './ids-digest.ts'

export interface SplitProofOptions {
  readonly mixture: Mixture
  readonly arms: readonly Arm[]
  readonly records: readonly PopulationRecord[]
  readonly training: readonly PopulationRecord[] | undefined
  readonly dropped: number
}

/** What a report says of what the records were compared with. */
export async function splitProof({
  mixture,
  arms,
  records,
  training,
  dropped,
}: SplitProofOptions): Promise<EvaluationReport['split']> {
  const mixtures = await Promise.all(
    arms.flatMap(({ name, mixture: own }) =>
      own === undefined
        ? []
        : [
            digestOf(own.exemplars).then((digest) => ({
              arm: name,
              exemplars: own.exemplars.length,
              personaRecords: personaRecords(own),
              fitted: seenCount(own.provenance.seen),
              digest,
            })),
          ],
    ),
  )
  return {
    against: {
      exemplars: mixture.exemplars.length,
      personaRecords: personaRecords(mixture),
      training: training?.length ?? 0,
      fitted: seenCount(mixture.provenance.seen),
    },
    ...(mixtures.length > 0 && { mixtures }),
    dropped,
    digests: {
      records: await digestOf(records),
      exemplars: await digestOf(mixture.exemplars),
      ...(training !== undefined && { training: await digestOf(training) }),
    },
  }
}

function personaRecords({ personas }: Mixture): number {
  return new Set(personas.flatMap(({ provenance }) => provenance?.recordIds ?? [])).size
}

function digestOf(of: readonly { readonly id: string }[]): Promise<string> {
  return idsDigest(of.map(({ id }) => id))
}
