/** One thing that one member of a population really said: input x, output y. */
export interface PopulationRecord {
  readonly id: string
  /** x, the context: a question, a film title, a topic. */
  readonly input: string
  /** y, the response. */
  readonly output: string
  /** The closed answers, in order where the question is ordinal. Absent for free text. */
  readonly choices?: readonly string[] | undefined
  readonly attributes?: Readonly<Record<string, string | number | boolean>> | undefined
  /** Who said it. Records of one respondent are never split over fit and held-out parts. */
  readonly respondent?: string | undefined
  /** Survey weight ≥ 0. Default 1. */
  readonly weight?: number | undefined
}
