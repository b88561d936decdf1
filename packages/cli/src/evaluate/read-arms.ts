import { type Arm, armNames, armsNamed, mixtureArm } from '@mop/eval'
import { UsageError } from '../errors/usage-error.ts'
import { mixtureDigest } from '../files/mixture-digest.ts'
import { readMixture, type ReadMixtureOptions } from '../files/read-mixture.ts'

/** `name=mixture.json`, or `name:what it was fitted without=mixture.json`. */
const ownMixture = /^([^=:]*)(?::([^=]*))?=(.*)$/s

/**
 * The arms of `--arms`: those with a name that is known, and mixtures of their own.
 * @throws UsageError for an entry with `=` whose name is taken by an arm, or that lacks a name or a file.
 */
export async function readArms(
  entries: readonly string[],
  options: ReadMixtureOptions,
): Promise<readonly Arm[]> {
  const arms: Arm[] = []
  for (const entry of entries) {
    const [, name, ablates, file] = ownMixture.exec(entry) ?? []
    if (name === undefined || file === undefined) {
      arms.push(...armsNamed([entry]))
      continue
    }
    if (!/^[\p{L}\d][\p{L}\d._-]*$/u.test(name) || file === '' || isTaken(name)) {
      throw new UsageError({
        message: `--arms ${entry} is no mixture of its own.`,
        remedy: `Write name=mixture.json, or name:part=mixture.json where it was fitted without a part, with a name of letters, digits, dots and hyphens that is no arm's already (${armNames.join(', ')}).`,
      })
    }
    const { mixture } = await readMixture(file, options)
    arms.push(mixtureArm({ name, mixture, ...(ablates !== undefined && ablates !== '' && { ablates }) }))
  }
  return arms
}

/** Which mixtures they have, for the file of the run. */
export function mixturesOfArms(arms: readonly Arm[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    arms.flatMap(({ name, mixture }) =>
      mixture === undefined ? [] : [[`mixture of ${name}`, mixtureDigest(mixture)]],
    ),
  )
}

function isTaken(name: string): boolean {
  return armNames.includes(name) || /^(few-shot|mixture)-\d+$/.test(name)
}
