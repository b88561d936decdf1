import { MopError } from './mop-error.ts'

/** A mixture file cannot be loaded. `reason` tells the cases apart. */
export class ArtifactError extends MopError {
  readonly reason: 'truncated' | 'foreign' | 'newer' | 'edited' | 'invalid' | 'records-needed'
  readonly file: string
  readonly field: string | undefined

  constructor(options: {
    reason: ArtifactError['reason']
    file: string
    message: string
    remedy: string
    field?: string
    cause?: unknown
  }) {
    super({
      code: 'artifact',
      message: `${options.file}: ${options.message}`,
      remedy: options.remedy,
      cause: options.cause,
    })
    this.reason = options.reason
    this.file = options.file
    this.field = options.field
  }
}
