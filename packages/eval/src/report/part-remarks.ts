import type { EvaluationReport } from '../evaluate/evaluation-report.ts'

/** Why figures are missing, and what was left out of them: each reason once, with the arms that it holds for. Read from a report alone. */
export function partRemarks({ arms }: EvaluationReport): readonly string[] {
  const reasons = new Map<string, string[]>()
  for (const { name, texts, choices } of arms) {
    for (const note of [...(texts?.notes ?? []), ...(choices?.notes ?? [])]) {
      reasons.set(note, [...(reasons.get(note) ?? []), name])
    }
  }
  const left = arms.flatMap(({ name, choices }) =>
    choices === undefined || choices.unmatched.simulated === 0
      ? []
      : [`${name} ${choices.unmatched.simulated} of ${choices.simulated}`],
  )
  return [
    ...[...reasons].map(
      ([note, names]) => `${names.length === arms.length ? 'Every arm' : names.join(', ')}: ${note}`,
    ),
    ...(left.length === 0
      ? []
      : [`Closed answers that are none of the choices, and were left out: ${left.join(', ')}.`]),
  ]
}
