import { describe, expect, it } from 'vitest'
import { publishedPackages, readManifest, workspacePackages } from './package-manifest.ts'
import { repositoryFiles } from './repository.ts'

describe.each(publishedPackages())('$manifest.name', ({ folder, manifest }) => {
  it('says what a user and the registry need', () => {
    expect(manifest).toMatchObject({
      name: `@mop/${folder.slice('packages/'.length)}`,
      description: expect.stringMatching(/.{20}/),
      keywords: expect.arrayContaining(['mixture-of-personas']),
      license: 'MIT',
      type: 'module',
      sideEffects: false,
      files: expect.arrayContaining(['dist']),
      engines: { node: '>=22.18' },
      publishConfig: { access: 'public' },
    })
  })

  it('gives every entry its types', () => {
    const { './package.json': own, ...entries } = manifest.exports ?? {}
    expect(own).toBe('./package.json')
    expect(Object.keys(entries)).toContain('.')
    for (const [name, entry] of Object.entries(entries)) {
      if (name === './data/*') {
        expect(entry).toBe(name)
        continue
      }
      expect(entry).toEqual({
        types: expect.stringMatching(/^\.\/dist\/.*\.d\.ts$/),
        default: expect.stringMatching(/^\.\/dist\/.*\.js$/),
      })
    }
  })

  it('takes part in every task of the repository', () => {
    expect(Object.keys(manifest.scripts ?? {})).toEqual(
      expect.arrayContaining(['build', 'published', 'test', 'typecheck']),
    )
  })

  it('has a README', () => {
    expect(repositoryFiles()).toContain(`${folder}/README.md`)
  })
})

describe('the workspace', () => {
  it('type-checks every package that has TypeScript', () => {
    const unchecked = workspacePackages()
      .filter(({ folder }) =>
        repositoryFiles().some((file) => file.startsWith(`${folder}/`) && /\.tsx?$/.test(file)),
      )
      .filter(({ manifest }) => manifest.scripts?.['typecheck'] === undefined)
    expect(unchecked).toEqual([])
  })

  it('has the scripts that the CI run calls', () => {
    expect(Object.keys(readManifest('package.json').scripts ?? {})).toEqual(
      expect.arrayContaining([
        'demo',
        'test',
        'test:tarballs',
        'lint',
        'format:check',
        'typecheck',
        'unused',
        'published',
      ]),
    )
  })
})
