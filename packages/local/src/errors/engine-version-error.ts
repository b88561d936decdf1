import { MopError } from '@mop/core'

/** The installed node-llama-cpp lacks a part of the engine that this package builds on. */
export class EngineVersionError extends MopError {
  constructor(missing: string) {
    super({
      code: 'local.engine-version',
      message: `The installed node-llama-cpp has no ${missing}.`,
      remedy: 'Install the exact version that @mop/local depends on (3.22.1) and remove overrides of it.',
    })
  }
}
