import { existsSync } from 'node:fs'
import * as v from 'valibot'
import { FileError } from '../errors/file-error.ts'
import { readText } from './read-text.ts'
import { writeAtomically } from './write-atomically.ts'

/** Everything that decides which rows a simulation makes: an output is only continued with the same. */
export type RunSettings = Readonly<Record<string, string | number | null>>

const runSchema = v.object({
  mop: v.literal('simulation'),
  version: v.literal(1),
  settings: v.record(v.string(), v.union([v.string(), v.number(), v.null()])),
})

export function runFileOf(output: string): string {
  return `${output}.run.json`
}

/**
 * Notes the settings beside the output on the first run, and on later ones makes sure that they are the same.
 * @throws FileError naming the setting that differs, or where the output exists and its settings are unknown.
 */
export async function assertSameRun(output: string, settings: RunSettings): Promise<void> {
  const path = runFileOf(output)
  if (!existsSync(path)) {
    if (existsSync(output)) {
      throw new FileError({
        path: output,
        problem: 'it exists already and is not the beginning of a simulation.',
        remedy: 'Give another output with -o, or remove it.',
      })
    }
    await writeAtomically(
      path,
      `${JSON.stringify({ mop: 'simulation', version: 1, settings }, undefined, 2)}\n`,
    )
    return
  }
  const earlier = await readRun(path)
  const names = [...new Set([...Object.keys(settings), ...Object.keys(earlier)])]
  const different = names.find((name) => settings[name] !== earlier[name])
  if (different === undefined) return
  throw new FileError({
    path: output,
    problem: `it was begun with other settings: ${different} was ${JSON.stringify(earlier[different])}, now it is ${JSON.stringify(settings[different])}.`,
    remedy: 'Use the same to continue, or give another output with -o.',
  })
}

async function readRun(path: string): Promise<RunSettings> {
  let content: unknown
  try {
    content = JSON.parse(await readText(path))
  } catch (cause) {
    if (FileError.isInstance(cause)) throw cause
    content = undefined
  }
  const checked = v.safeParse(runSchema, content)
  if (checked.success) return checked.output.settings
  throw new FileError({
    path,
    problem: 'it does not say how the simulation beside it was made.',
    remedy: 'Give another output with -o, or remove both files.',
  })
}
