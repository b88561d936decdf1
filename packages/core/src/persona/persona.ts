/** g_k: a short description of how members of a subpopulation write and decide. */
export interface Persona {
  readonly id: string
  readonly text: string
  /** Where it came from. Absent when the user gave the text. */
  readonly provenance?: PersonaProvenance | undefined
}

export interface PersonaProvenance {
  readonly kind: 'given' | 'attributes' | 'generated' | 'statistics'
  /** Index of the k-means cluster it describes. */
  readonly cluster?: number
  /** Records in that cluster. */
  readonly size?: number
  /** Ids of the records it was written from. */
  readonly recordIds?: readonly string[]
  readonly attributes?: Readonly<Record<string, string | number | boolean>>
}
