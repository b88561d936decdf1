import { MopError } from '@mop/core'

/** The folder of an ONNX encoder that is missing, lacks a file, or that transformers.js refuses. */
export class OnnxModelError extends MopError {
  readonly path: string

  constructor(options: { path: string; problem: string; remedy: string; cause?: unknown }) {
    super({
      code: 'local.onnx-model',
      message: `ONNX model ${options.path} ${options.problem}.`,
      remedy: options.remedy,
      cause: options.cause,
    })
    this.path = options.path
  }
}
