import { InvalidArgumentError, uniformInt } from '@mop/core'
import type { Arm, ArmSetting } from './arm.ts'

export interface AttrPromptOptions {
  /** What answers differ in. The model writes the values. Default tone, style, length and point of view. */
  readonly attributes?: readonly string[]
}

const defaultAttributes = ['tone', 'style', 'length', 'point of view']

/** More values than this, or longer ones, are a model that does not stop. */
const mostValues = 12
const longestValue = 80

/**
 * AttrPrompt (Yu et al., NeurIPS 2023) without a record: the model writes the values of some attributes, one call for each attribute; every
 * answer is then asked for with a value of each, drawn at random. An attribute for which the model writes no value is left out.
 * @throws InvalidArgumentError without attributes.
 */
export function attrPrompt({ attributes = defaultAttributes }: AttrPromptOptions = {}): Arm {
  if (attributes.length === 0)
    throw new InvalidArgumentError({ argument: 'attributes', expected: 'at least one', found: 'none' })
  return {
    name: 'attr-prompt',
    uses: `no record; ${attributes.length} more calls in all`,
    plan: async (slots, setting) => {
      const values = await valuesOf(attributes, setting)
      return slots.map(({ id, input }) => {
        const random = setting.random.fork(id)
        const lines = values.flatMap(([attribute, list]) =>
          list.length === 0 ? [] : [`${attribute}: ${list[uniformInt(random, list.length)] ?? ''}`],
        )
        const messages = setting.template.render([], input)
        return {
          messages:
            lines.length === 0
              ? messages
              : [{ role: 'system', content: ['Answer in this way.', ...lines].join('\n') }, ...messages],
        }
      })
    },
  }
}

async function valuesOf(
  attributes: readonly string[],
  { ask }: ArmSetting,
): Promise<readonly (readonly [string, readonly string[]])[]> {
  const written = await ask(
    attributes.map((attribute) => ({
      id: attribute,
      messages: [
        {
          role: 'user',
          content: `People answer differently. List ten values that the ${attribute} of an answer can have, one a line, a few words each, nothing else.`,
        },
      ],
      temperature: 1,
    })),
  )
  return attributes.map((attribute, index) => [attribute, listedValues(written[index] ?? '')])
}

/** The lines of a list, without bullets and numbers. */
function listedValues(text: string): readonly string[] {
  const values = text
    .split('\n')
    .map((line) => line.replace(/^\s*(?:[-*•]|\d+[.)])?\s*/, '').trim())
    .filter((value) => value !== '' && value.length <= longestValue)
  return [...new Set(values)].slice(0, mostValues)
}
