import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { randomEncoder } from './random-encoder.ts'
import { writeEncoderGguf } from './random-encoder-gguf.ts'
import { writeEncoderFolder } from './random-encoder-onnx.ts'
import { writeRandomModel } from './random-model.ts'
import type { RandomModelOptions } from './random-model.ts'

/** A folder for the files of one test file, removed at its end. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mop-local-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Writes a random-weight model into a temporary folder and returns its path. */
export function randomModelFile(options: RandomModelOptions = {}): string {
  const path = join(temporaryFolder(), 'random.gguf')
  writeRandomModel(path, options)
  return path
}

/** Writes a random-weight sentence encoder into a temporary folder and returns the path of its GGUF file. */
export function randomEncoderFile(): string {
  const path = join(temporaryFolder(), 'encoder.gguf')
  writeEncoderGguf(path, randomEncoder())
  return path
}

/** Writes a random-weight sentence encoder for transformers.js into a temporary folder and returns its path. */
export function randomEncoderFolder(): string {
  const folder = join(temporaryFolder(), 'encoder')
  writeEncoderFolder(folder, randomEncoder())
  return folder
}
