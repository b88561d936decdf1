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
  parts: v.optional(v.record(v.string(), v.string()), {}),
})

type Run = Omit<v.InferOutput<typeof runSchema>, 'mop' | 'version'>

export function runFileOf(output: string): string {
  return `${output}.run.json`
}

/**
 * Notes the settings beside the output on the first run, and on later ones makes sure that they are the same.
 * @param parts what decides only a part of the rows, such as the file of one arm: a later run may add parts and leave them out, but not change them.
 * @throws FileError naming the setting that differs, or where the output exists and its settings are unknown.
 */
export async function assertSameRun(
  output: string,
  settings: RunSettings,
  parts: Readonly<Record<string, string>> = {},
): Promise<void> {
  const path = runFileOf(output)
  if (!existsSync(path)) {
    if (existsSync(output)) {
      throw new FileError({
        path: output,
        problem: 'it exists already and is not the beginning of a simulation.',
        remedy: 'Give another output with -o, or remove it.',
      })
    }
    await writeRun(path, { settings, parts })
    return
  }
  const earlier = await readRun(path)
  const names = [...new Set([...Object.keys(settings), ...Object.keys(earlier.settings)])]
  const different =
    names.find((name) => settings[name] !== earlier.settings[name]) ??
    Object.keys(parts).find((name) => parts[name] !== (earlier.parts[name] ?? parts[name]))
  const all = { ...earlier.parts, ...parts }
  if (different === undefined) {
    if (Object.keys(all).length > Object.keys(earlier.parts).length)
      await writeRun(path, { settings, parts: all })
    return
  }
  const was = { ...earlier.parts, ...earlier.settings }[different]
  const now = { ...parts, ...settings }[different]
  throw new FileError({
    path: output,
    problem: `it was begun with other settings: ${different} was ${JSON.stringify(was)}, now it is ${JSON.stringify(now)}.`,
    remedy: 'Use the same to continue, or give another output with -o.',
  })
}

async function writeRun(path: string, { settings, parts }: Readonly<Run>): Promise<void> {
  const run = {
    mop: 'simulation',
    version: 1,
    settings,
    ...(Object.keys(parts).length > 0 && { parts }),
  }
  await writeAtomically(path, `${JSON.stringify(run, undefined, 2)}\n`)
}

async function readRun(path: string): Promise<Run> {
  let content: unknown
  try {
    content = JSON.parse(await readText(path))
  } catch (cause) {
    if (FileError.isInstance(cause)) throw cause
    content = undefined
  }
  const checked = v.safeParse(runSchema, content)
  if (checked.success) return checked.output
  throw new FileError({
    path,
    problem: 'it does not say how the simulation beside it was made.',
    remedy: 'Give another output with -o, or remove both files.',
  })
}
