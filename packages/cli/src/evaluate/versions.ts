import corePackage from '@mop/core/package.json' with { type: 'json' }
import evalPackage from '@mop/eval/package.json' with { type: 'json' }
import localPackage from '@mop/local/package.json' with { type: 'json' }
import cliPackage from '../../package.json' with { type: 'json' }

/** The versions that a report is made with, which may matter for its figures. */
export function versions(): Readonly<Record<string, string>> {
  const packages = [cliPackage, evalPackage, corePackage, localPackage]
  return {
    ...Object.fromEntries(packages.map(({ name, version }) => [name, version])),
    Node: process.versions.node,
  }
}
