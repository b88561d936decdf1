export type { MopAnswer, MopStep } from './add-mop-step.ts'
export { addMopStep } from './add-mop-step.ts'
