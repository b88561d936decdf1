import { InvalidArgumentError } from '@mop/core'
import type { Arm } from './arm.ts'
import { attrPrompt } from './attr-prompt.ts'
import { bare } from './bare.ts'
import { exemplarsOnly } from './exemplars-only.ts'
import { fewShot } from './few-shot.ts'
import { mixtureArm } from './mixture-arm.ts'
import { noExemplars, personaOnly } from './persona-only.ts'
import { picle } from './picle.ts'
import { proGen } from './pro-gen.ts'
import { randomPersonas } from './random-personas.ts'
import { zeroGen } from './zero-gen.ts'

/** The arms with their default options, in the order of the table. */
function everyArm(): readonly Arm[] {
  return [
    bare(),
    zeroGen(),
    attrPrompt(),
    proGen(),
    fewShot(1),
    fewShot(3),
    picle(),
    personaOnly({ weights: 'uniform' }),
    personaOnly({ weights: 'learned' }),
    exemplarsOnly(),
    noExemplars(),
    randomPersonas(),
    mixtureArm(),
    mixtureArm({ pairs: 2 }),
  ]
}

/** Names that `armsNamed` knows. */
export const armNames: readonly string[] = everyArm().map(({ name }) => name)

/** Arms by name; also `few-shot-<k>` and `mixture-<L>` with other numbers. @throws InvalidArgumentError for another name. */
export function armsNamed(names: readonly string[]): readonly Arm[] {
  const arms = everyArm()
  return names.map((name) => {
    const found = arms.find((arm) => arm.name === name)
    if (found !== undefined) return found
    const [, kind, number] = /^(few-shot|mixture)-([1-9]\d?)$/.exec(name) ?? []
    if (kind === 'few-shot') return fewShot(Number(number))
    if (kind === 'mixture') return mixtureArm({ pairs: Number(number) })
    throw new InvalidArgumentError({
      argument: 'arms',
      expected: `of ${armNames.join(', ')}`,
      found: JSON.stringify(name),
    })
  })
}
