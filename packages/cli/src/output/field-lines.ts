import stringWidth from 'string-width'
import { wrap } from './wrap.ts'

/** Names and values in two columns; long values go on under themselves. */
export function fieldLines(
  fields: readonly (readonly [name: string, value: string])[],
  width: number,
): string {
  const indent = Math.max(...fields.map(([name]) => stringWidth(name))) + 2
  return fields
    .map(([name, value]) => {
      const lines = wrap(value, Math.max(20, width - indent)).split('\n')
      return [
        name.padEnd(indent) + (lines[0] ?? ''),
        ...lines.slice(1).map((line) => ' '.repeat(indent) + line),
      ].join('\n')
    })
    .join('\n')
}
