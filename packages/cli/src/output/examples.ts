/** The examples under a command's help: command lines, each with a comment or an empty one. */
export function examples(lines: readonly (readonly [command: string, comment: string])[]): string {
  const commented = lines.filter(([, comment]) => comment !== '')
  const width = Math.max(0, ...commented.map(([command]) => command.length))
  const shown = lines.map(([command, comment]) =>
    comment === '' ? `  ${command}` : `  ${command.padEnd(width)}   # ${comment}`,
  )
  return `\nExamples:\n${shown.join('\n')}`
}
