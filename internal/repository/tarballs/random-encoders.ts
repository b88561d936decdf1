import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { root } from '../src/repository.ts'

/** One sentence encoder with random weights, in both formats. */
export interface RandomEncoders {
  /** For transformers.js. */
  readonly onnxFolder: string
  readonly ggufFile: string
}

export function writeRandomEncoders(folder: string): RandomEncoders {
  const script = join(root, 'packages/local/src/testing/write-random-encoders.ts')
  execFileSync(process.execPath, [script, folder], { encoding: 'utf8', stdio: 'pipe' })
  return { onnxFolder: join(folder, 'onnx-encoder'), ggufFile: join(folder, 'encoder.gguf') }
}
