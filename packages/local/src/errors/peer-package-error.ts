import { MopError } from '@mop/core'

/** A package that is needed for one feature alone, and so not installed with this one, is missing or of no use. */
export class PeerPackageError extends MopError {
  /** The package to install. */
  readonly packageName: string

  constructor(options: {
    packageName: string
    /** What needs it. */
    feature: string
    problem: string
    /** The command that installs it. */
    command: string
    cause?: unknown
  }) {
    super({
      code: 'local.peer-package',
      message: `${options.feature} need the package ${options.packageName}, which ${options.problem}.`,
      remedy: `Install it beside @mop/local: ${options.command}`,
      cause: options.cause,
    })
    this.packageName = options.packageName
  }
}
