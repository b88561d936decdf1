import { expect, it } from 'vitest'
import { moduleImports } from './module-imports.ts'

const source = `import a from 'a'
import type { B } from './b.ts'
import 'c'
export { d } from '@scope/d'
export * from './e.ts'
const f = await import('node:fs')
const g = (name: string) => import(name)
// import 'h'
const i = "import 'i'"
`

it('finds every import and re-export with its line, and nothing in comments and strings', () => {
  const found = moduleImports('x.ts', source)
  expect(found.map(({ line, specifier }) => [line, specifier])).toEqual([
    [1, 'a'],
    [2, './b.ts'],
    [3, 'c'],
    [4, '@scope/d'],
    [5, './e.ts'],
    [6, 'node:fs'],
    [7, undefined],
  ])
})

it('refuses a file that does not parse', () => {
  expect(() => moduleImports('broken.ts', 'import {')).toThrow('broken.ts')
})
