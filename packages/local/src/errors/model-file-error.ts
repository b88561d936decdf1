import { MopError } from '@mop/core'

/** A model file that is missing, is not a GGUF, is cut short, or that the engine refuses. */
export class ModelFileError extends MopError {
  readonly path: string

  constructor(options: { path: string; problem: string; remedy: string; cause?: unknown }) {
    super({
      code: 'local.model-file',
      message: `Model file ${options.path} ${options.problem}.`,
      remedy: options.remedy,
      cause: options.cause,
    })
    this.path = options.path
  }
}
