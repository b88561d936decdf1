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

/**
 * What a project installs to test a package with the lowest versions of its peers. A peer whose earlier majors the package tests
 * under an alias (`ai-v6: npm:ai@^6` beside the peer `^6 || ^7`) is there twice: the alias at the lowest version of its major, the peer
 * itself at the lowest of the others.
 * @returns name in the project -> the version, and how it is asked for.
 */
export function lowestPeers(
  manifest: PackageManifest,
): Readonly<Record<string, { readonly version: string; readonly specifier: string }>> {
  const found: Record<string, { version: string; specifier: string }> = {}
  for (const [name, range] of Object.entries(frameworkPeers(manifest))) {
    let parts = range.split('||')
    for (const [alias, specifier] of Object.entries(manifest.devDependencies ?? {})) {
      if (!specifier.startsWith(`npm:${name}@`)) continue
      const major = majorOf(specifier.slice(`npm:${name}@`.length))
      const version = lowestVersion(parts.filter((part) => majorOf(part) === major).join('||'))
      found[alias] = { version, specifier: `npm:${name}@${version}` }
      parts = parts.filter((part) => majorOf(part) !== major)
    }
    const version = lowestVersion(parts.join('||'))
    found[name] = { version, specifier: version }
  }
  return found
}

function majorOf(range: string): string {
  return lowestVersion(range).split('.', 1)[0] ?? ''
}
