import type { Command } from 'commander'

/** What core calls otherwise than the command line: under which names of options to look for it. */
const otherNames: Readonly<Record<string, readonly string[]>> = {
  'budget.calls': ['budget'],
  contextSize: ['context'],
  count: ['draws'],
  generator: ['model'],
  mapping: ['map'],
  pairsPerRound: ['pairs'],
  scorer: ['model'],
  size: ['exemplars'],
  'split.heldOut': ['heldOut'],
  'strata.attributes': ['strata'],
}

/** A text of the packages, whose options stand in backticks, with the flags of this command for those it has. */
export function inFlags(text: string, command: Command): string {
  return text.replaceAll(/`([^`]+)`/g, (whole, names: string) => {
    const given = names.split(', ').map((name) => flagOf(name, command) ?? argumentOf(name, command))
    return given.includes(undefined) ? whole : given.join(' and ')
  })
}

/** The flag of this command that gives an option of the packages: `--pairs` for `pairsPerRound`, `--given age` for `given.age`. */
export function flagOf(name: string, command: Command): string | undefined {
  const [, attribute] = /^given\.(.+)$/.exec(name) ?? []
  if (attribute !== undefined) {
    const flag = flagOf('given', command)
    return flag === undefined ? undefined : `${flag} ${attribute}`
  }
  const names = [name, ...(otherNames[name] ?? [])]
  return command.options.find((option) => names.includes(option.attributeName()))?.long
}

function argumentOf(name: string, command: Command): string | undefined {
  return command.registeredArguments.some((argument) => argument.name() === name) ? `<${name}>` : undefined
}
