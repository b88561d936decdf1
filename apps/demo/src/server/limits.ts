import type { Limits } from '../api-contract.ts'

export const limits: Limits = {
  uploadBytes: 8 * 2 ** 20,
  records: 20_000,
  answers: 60,
  questionCharacters: 2_000,
}

export const mostUploads = 20

/** Of a closed question. */
export const mostChoices = 20
export const mostChoiceCharacters = 200
