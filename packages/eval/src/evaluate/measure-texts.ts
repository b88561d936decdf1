import type { Encoder } from '@mop/core'
import { energyMetric, fidMetric, klCosineMetric, mauveMetric } from '../embedding/embedding-metrics.ts'
import { type Embeddings, embeddingsOf } from '../embedding/embeddings.ts'
import { distinctMetric, lengthShiftMetric, nearCopyMetric, selfBleuMetric } from '../text/text-metrics.ts'
import type { ArmRow } from './arm-row.ts'
import type { ReportedPart } from './evaluation-report.ts'
import { measureDownstream } from './measure-downstream.ts'
import { groupLabels, measureFigure, type MeasurePartOptions } from './measure-part.ts'
import type { RealAnswer } from './real-records.ts'

export interface MeasureTextsOptions extends Omit<MeasurePartOptions, 'respondents' | 'groups'> {
  readonly judge: Encoder
  readonly real: readonly RealAnswer[]
  readonly realEmbeddings: Embeddings
  readonly simulated: readonly ArmRow[]
  /** Texts that were at hand to copy from. */
  readonly shown: readonly string[]
  /** Number of attributes by which there are groups. */
  readonly groupedBy: number
  /** Place of the attribute whose groups are told apart downstream. Default the inputs are. */
  readonly classes?: number | undefined
  readonly mauveSeeds?: number | undefined
  readonly signal?: AbortSignal | undefined
  /** Called with the embeddings of the simulated answers, where they are measured. */
  readonly onEmbeddings?: ((simulated: Embeddings) => void) | undefined
}

/** Fewer texts than this on either side, and no embedding figure means anything. */
const fewest = 8

/** As little as an energy distance and its halves can be taken of. */
const fewestOfGroup = 4

/** Free answers of an arm against the real ones: embeddings, texts, copies, and the energy distance for each group. */
export async function measureTexts(options: MeasureTextsOptions): Promise<ReportedPart> {
  const { judge, real, realEmbeddings, simulated, shown, groupedBy, signal } = options
  const counts = { simulated: simulated.length, real: real.length, unmatched: { simulated: 0, real: 0 } }
  if (Math.min(real.length, simulated.length) < fewest) {
    return {
      ...counts,
      figures: [],
      notes: [`${real.length} real and ${simulated.length} simulated texts are too few to measure.`],
    }
  }
  const part = { ...options, respondents: real.map(({ respondent }) => respondent), groups: undefined }
  const sizeIn = (side: readonly { readonly groups?: readonly string[] }[], group: string): number =>
    side.filter(({ groups }) => groups?.includes(group)).length
  const groups = groupLabels(
    groupedBy,
    real,
    simulated,
    (group) => Math.min(sizeIn(real, group), sizeIn(simulated, group)) >= fewestOfGroup,
  )
  const outputs = simulated.map(({ output }) => output)
  const { embeddings } = await judge.encode(outputs, signal === undefined ? {} : { signal })
  const rows = embeddingsOf(embeddings)
  options.onEmbeddings?.(rows)
  const texts = real.map(({ output }) => output)
  const downstream = measureDownstream({ ...options, simulatedEmbeddings: rows }, part)
  return {
    ...counts,
    figures: [
      measureFigure(fidMetric(), realEmbeddings, rows, part),
      measureFigure(
        mauveMetric(options.mauveSeeds === undefined ? {} : { seeds: options.mauveSeeds }),
        realEmbeddings,
        rows,
        part,
      ),
      measureFigure(klCosineMetric(), realEmbeddings, rows, part),
      measureFigure(energyMetric(), realEmbeddings, rows, { ...part, groups }),
      measureFigure(selfBleuMetric(), texts, outputs, part),
      measureFigure(distinctMetric(2), texts, outputs, part),
      measureFigure(nearCopyMetric({ shown }), texts, outputs, part),
      measureFigure(lengthShiftMetric(), texts, outputs, part),
      ...downstream.figures,
    ],
    notes: downstream.notes,
  }
}
