import { randomInt } from 'node:crypto'
import { basename } from 'node:path'
import type { Encoder } from '@mop/core'
import type { LocalModel } from '../engine/local-model.ts'
import { OpenAiError } from './openai-error.ts'

/** What the routes of one server share. */
export interface ServedModel {
  readonly model: LocalModel
  readonly encoder: Encoder
  /** Name in `/v1/models`: the file name without `.gguf`. `local` is accepted for it. */
  readonly name: string
  /** Unix time of the start, for `created`. */
  readonly started: number
}

export function modelName(model: LocalModel): string {
  return basename(model.path).replace(/\.gguf$/i, '')
}

/** Whether a request means the model of this name: by the name itself, or by `local`, which every server's model answers to. */
export function isModelName(requested: string, served: string): boolean {
  return requested === served || requested === 'local'
}

/** @throws OpenAiError 404 for a model that is not served. */
export function checkModelName(requested: string, served: string): void {
  if (isModelName(requested, served)) return
  throw new OpenAiError({
    status: 404,
    message: `The model ${JSON.stringify(requested)} does not exist here; this server has ${JSON.stringify(served)}.`,
    parameter: 'model',
    code: 'model_not_found',
  })
}

/** Seeds of the n answers to one prompt: the given one (or a random one) and those that follow it. */
export function answerSeeds(seed: number | null | undefined, count: number): number[] {
  const first = seed ?? randomInt(2 ** 48 - 1)
  return Array.from({ length: count }, (_, index) => (first + index) % Number.MAX_SAFE_INTEGER)
}

export function stopStrings(stop: string | readonly string[] | null | undefined): readonly string[] {
  return stop === null || stop === undefined ? [] : typeof stop === 'string' ? [stop] : stop
}
