import { InvalidArgumentError } from '@mop/core'
import { downstreamAccuracyMetric, downstreamF1Metric } from '../downstream/downstream-metrics.ts'
import { type LabelledEmbeddings, selectLabelled } from '../downstream/labelled-embeddings.ts'
import type { Embeddings } from '../embedding/embeddings.ts'
import type { ArmRow } from './arm-row.ts'
import type { ReportedPart } from './evaluation-report.ts'
import { measureFigure, type MeasurePartOptions } from './measure-part.ts'
import { noGroup, type RealAnswer } from './real-records.ts'

export interface MeasureDownstreamOptions {
  readonly real: readonly RealAnswer[]
  readonly realEmbeddings: Embeddings
  readonly simulated: readonly ArmRow[]
  readonly simulatedEmbeddings: Embeddings
  /** Place of the attribute whose groups are told apart. Default the inputs are. */
  readonly classes?: number | undefined
}

/** A class needs as many answers on either side. */
const fewestOfClass = 10

/** The place of the attribute that `classes` names among the groups; undefined for `input`. @throws InvalidArgumentError for any other. */
export function classesAttribute(classes: string | undefined, groups: readonly string[]): number | undefined {
  if (classes === undefined || classes === 'input') return undefined
  const place = groups.indexOf(classes)
  if (place >= 0) return place
  throw new InvalidArgumentError({
    argument: 'classes',
    expected: groups.length === 0 ? 'input, where there are no groups' : `one of input, ${groups.join(', ')}`,
    found: classes,
  })
}

/** Macro F1 and accuracy on the real free answers of a classifier that learned the classes from an arm's; none where there is nothing to tell apart. */
export function measureDownstream(
  { real, realEmbeddings, simulated, simulatedEmbeddings, classes }: MeasureDownstreamOptions,
  part: MeasurePartOptions,
): Pick<ReportedPart, 'figures' | 'notes'> {
  const labelOf = ({ input, groups = [] }: Pick<ArmRow, 'input' | 'groups'>): string =>
    classes === undefined ? input : (groups[classes] ?? noGroup)
  const realLabels = real.map(labelOf)
  const simulatedLabels = simulated.map(labelOf)
  const what = classes === undefined ? 'inputs' : 'groups'
  const all = [...new Set(realLabels)].filter((label) => label !== noGroup)
  if (all.length < 2) return { figures: [], notes: [] }
  const [realSizes, simulatedSizes] = [sizesOf(realLabels), sizesOf(simulatedLabels)]
  const kept = all.filter(
    (label) => Math.min(realSizes.get(label) ?? 0, simulatedSizes.get(label) ?? 0) >= fewestOfClass,
  )
  if (kept.length < 2) {
    const note = `No downstream F1: fewer than two ${what} have ${fewestOfClass} real and ${fewestOfClass} simulated free answers.`
    return { figures: [], notes: [note] }
  }
  const first = labelledOf(realEmbeddings, realLabels, kept)
  const second = labelledOf(simulatedEmbeddings, simulatedLabels, kept)
  const own = { ...part, respondents: first.items.map((item) => part.respondents[item] ?? '') }
  return {
    figures: [downstreamF1Metric(), downstreamAccuracyMetric()].map((metric) =>
      measureFigure(metric, first.sample, second.sample, own),
    ),
    notes:
      kept.length === all.length
        ? []
        : [
            `Downstream F1 and accuracy are of the ${kept.length} of ${all.length} ${what} that have ${fewestOfClass} real and ${fewestOfClass} simulated free answers.`,
          ],
  }
}

function sizesOf(labels: readonly string[]): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>()
  for (const label of labels) sizes.set(label, (sizes.get(label) ?? 0) + 1)
  return sizes
}

function labelledOf(
  embeddings: Embeddings,
  labels: readonly string[],
  kept: readonly string[],
): { readonly sample: LabelledEmbeddings; readonly items: readonly number[] } {
  const places = new Map(kept.map((label, place) => [label, place]))
  const items = labels.flatMap((label, item) => (places.has(label) ? [item] : []))
  const numbered = Int32Array.from(labels, (label) => places.get(label) ?? 0)
  return { items, sample: selectLabelled({ embeddings, labels: numbered, classes: kept.length }, items) }
}
