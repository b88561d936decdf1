import type { PackageManifest } from '../src/package-manifest.ts'

/** Peers of a framework: those that are not ours. */
export function frameworkPeers({ peerDependencies = {} }: PackageManifest): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(peerDependencies).filter(([name]) => !name.startsWith('@mop/')))
}

/** The lowest version that a range allows: `^3.25.76 || ^4` -> `3.25.76`. @throws Error for a range that names no lowest one. */
export function lowestVersion(range: string): string {
  const versions = range.split('||').map((part) => {
    const [, version] =
      /^\s*(?:\^|~|>=)?\s*v?(\d+(?:\.\d+){0,2}(?:-[\w.]+)?)(?:\s+<=?\s*[\w.-]+)?\s*$/.exec(part) ?? []
    if (version === undefined) throw new Error(`no lowest version in the range "${range}"`)
    const [numbers = '', ...prerelease] = version.split('-')
    const padded = [...numbers.split('.'), '0', '0'].slice(0, 3).join('.')
    return [padded, ...prerelease].join('-')
  })
  const [lowest = ''] = versions.toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }))
  return lowest
}
