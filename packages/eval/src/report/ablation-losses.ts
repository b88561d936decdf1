import type { ArmReport, EvaluationReport } from '../evaluate/evaluation-report.ts'
import { mixtureName } from '../evaluate/portrayed-arms.ts'
import { badness, badnessRange } from '../result/badness.ts'
import { isOpen } from './best-figure.ts'
import { type FigureColumn, mainColumns, type PartName, parts, shortName } from './main-figures.ts'

/** One figure of an arm that leaves a part of the mixture out, against the mixture's. */
export interface AblationLoss {
  readonly arm: string
  /** What it leaves out; absent for a mixture of another number of pairs. */
  readonly ablates?: string
  readonly value: number
  /** How much worse than the mixture, in the figure's units; negative where it is better. */
  readonly loss: number
  /** Whether it is open which of both is better, by `isOpen`. */
  readonly open: boolean
}

export interface AblatedFigure {
  readonly part: PartName
  readonly metric: string
  /** The mixture's own value, and how much worse its interval goes and how much better, in the figure's units. */
  readonly value: number
  readonly range: readonly [number, number]
  /** The greatest loss first. */
  readonly losses: readonly AblationLoss[]
}

/**
 * Each main figure of each ablation less the mixture's, turned so that more is worse. Empty where the mixture or every ablation is missing.
 * Read from a report alone.
 */
export function ablationLosses({ arms }: EvaluationReport): readonly AblatedFigure[] {
  const mixture = mixtureName(arms.map(({ name }) => name))
  const compared = arms.map(
    ({ name, ablates }) => name !== mixture && (ablates !== undefined || /^mixture-\d+$/.test(name)),
  )
  if (!arms.some(({ ablates }) => ablates !== undefined)) return []
  return parts.flatMap(([part]) =>
    comparedColumns(part, arms).flatMap(({ metric, figures }) => {
      const own = figures[arms.findIndex(({ name }) => name === mixture)]
      if (own === undefined || badness(own) === Infinity) return []
      const losses = arms
        .flatMap(({ name, ablates }, index): AblationLoss[] => {
          const figure = compared[index] === true ? figures[index] : undefined
          if (figure === undefined || badness(figure) === Infinity) return []
          const loss = badness(figure) - badness(own)
          return [
            {
              arm: name,
              ...(ablates !== undefined && { ablates }),
              value: figure.value,
              loss,
              open: isOpen(figure, own),
            },
          ]
        })
        .toSorted((one, other) => other.loss - one.loss)
      const [least, most] = badnessRange(own)
      const range = [least - badness(own), most - badness(own)] as const
      return losses.length === 0 ? [] : [{ part, metric, value: own.value, range, losses }]
    }),
  )
}

/** Without representativeness where there is the Wasserstein distance, of which it is the complement. */
function comparedColumns(part: PartName, arms: readonly ArmReport[]): readonly FigureColumn[] {
  const columns = mainColumns(part, arms)
  const distance = columns.some(({ metric }) => metric === 'Wasserstein-1, normalised')
  return columns.filter(({ metric }) => !(distance && metric === 'representativeness'))
}

/** In a few sentences which part matters most by which figures, as far as these can tell. */
export function ablationFindings(figures: readonly AblatedFigure[]): readonly string[] {
  const findings = new Map<string, string[]>()
  for (const { metric, losses } of figures) {
    const [most] = losses.filter(({ ablates }) => ablates !== undefined)
    if (most === undefined) continue
    const finding = most.loss <= 0 ? 'none' : `${most.open ? 'open' : 'clear'} ${most.ablates}`
    findings.set(finding, [...(findings.get(finding) ?? []), shortName(metric)])
  }
  return [...findings].map(([finding, metrics]) => {
    const names = new Intl.ListFormat('en', { type: 'conjunction' }).format(metrics)
    const [kind = '', ...part] = finding.split(' ')
    if (kind === 'none') return `By ${names} no part that was left out is missed.`
    return kind === 'clear'
      ? `By ${names} it is leaving out ${part.join(' ')} that costs most, and clearly.`
      : `By ${names} it is leaving out ${part.join(' ')} that costs most, but not clearly.`
  })
}
