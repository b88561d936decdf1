export type { MopMetadata } from './mop-metadata.ts'
export { mopMiddleware } from './mop-middleware.ts'
export type { MopCallOptions, MopOptions } from './mop-options.ts'
export { withMop } from './with-mop.ts'
