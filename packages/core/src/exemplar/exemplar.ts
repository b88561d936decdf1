/** e_j = (x_j, y_j): a record of the population used as an in-context example. */
export interface Exemplar {
  /** Id of the record it is. */
  readonly id: string
  readonly input: string
  readonly output: string
  readonly respondent?: string | undefined
  readonly attributes?: Readonly<Record<string, string | number | boolean>> | undefined
}

/** The one text by which an exemplar is encoded: input, then output (METHOD section 2). */
export function exemplarText(exemplar: Pick<Exemplar, 'input' | 'output'>): string {
  return `${exemplar.input}\n${exemplar.output}`
}
