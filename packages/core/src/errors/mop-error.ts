const marker = Symbol.for('mop.error')

/**
 * Base class of every error that MoP throws on purpose.
 *
 * `isInstance` works across duplicated copies of the package, where `instanceof` does not.
 * `code` is stable and machine-readable; `remedy` says what to do.
 */
export class MopError extends Error {
  readonly code: string
  readonly remedy: string | undefined

  constructor(options: { code: string; message: string; remedy?: string; cause?: unknown }) {
    super(
      options.remedy === undefined ? options.message : `${options.message} ${options.remedy}`,
      options.cause === undefined ? undefined : { cause: options.cause },
    )
    Object.defineProperty(this, marker, { value: true })
    this.name = new.target.name
    this.code = options.code
    this.remedy = options.remedy
  }

  static isInstance(error: unknown): error is MopError {
    return typeof error === 'object' && error !== null && Reflect.get(error, marker) === true
  }
}
