import type { Mixture } from '@mop/core'
import { type Arm, armNames, armsNamed, mixtureArm } from '@mop/eval'
import { UsageError } from '../errors/usage-error.ts'
import { mixtureDigest } from '../files/mixture-digest.ts'
import { readMixture, type ReadMixtureOptions } from '../files/read-mixture.ts'

/** `name=mixture.json`, or `name:what it was fitted without=mixture.json`. */
const ownMixture = /^([^=:]*)(?::([^=]*))?=(.*)$/s

/**
 * The arms of `--arms`: those with a name that is known, and mixtures of their own.
 * @throws UsageError for an entry with `=` whose name is taken by an arm, or that lacks a name or a file, and for two of one name.
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
  const twice = arms.find(({ name }, index) => arms.findIndex((arm) => arm.name === name) < index)
  if (twice === undefined) return arms
  throw new UsageError({
    message: `--arms has two arms of the name ${twice.name}.`,
    remedy: 'Leave one out, or give a mixture another name: name=mixture.json.',
  })
}

/**
 * Before a file is begun: responses are drawn and judged in one space.
 * @throws UsageError naming an arm whose mixture was fitted with another encoder than `mixture`.
 */
export function assertOneEncoder(arms: readonly Arm[], { encoder }: Pick<Mixture, 'encoder'>): void {
  for (const { name, mixture: own } of arms) {
    if (own === undefined || own.encoder.id === encoder.id) continue
    throw new UsageError({
      message: `--arms ${name}: its mixture was fitted with the encoder ${own.encoder.id}, the evaluated one with ${encoder.id}.`,
      remedy:
        'Fit it on the same records with the same --limit and --seed, from which an lsa encoder is fitted, or fit both with --encoder hashed.',
    })
  }
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
