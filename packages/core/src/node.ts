export type { LikelihoodFile } from './likelihood/likelihood-file.ts'
export { openLikelihoodFile } from './likelihood/likelihood-file.ts'
