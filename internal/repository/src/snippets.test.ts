import { describe, expect, it } from 'vitest'
import { documentPaths, parseDocument } from './document.ts'
import { runSnippet, snippetsOf, typeErrors, writeSnippets } from './snippets.ts'

const real = documentPaths().flatMap((path) => snippetsOf(parseDocument(path)))

// Controls: without them a check that sees nothing would pass.
const controls = snippetsOf(
  parseDocument(
    'control.md',
    [
      '# A control',
      '```ts run',
      "import { MopError } from '@mop/core'",
      "console.log(MopError.isInstance(new MopError({ code: 'x', message: 'y' })))",
      '```',
      '```ts run',
      "const code: number = 'three'",
      'process.exit(Number(code) || 3)',
      '```',
    ].join('\n'),
  ),
)
const all = [...real, ...controls]

describe('TypeScript blocks of the documents', () => {
  it('pass the compiler', { timeout: 120_000 }, async () => {
    writeSnippets(all)
    const errors = await typeErrors(all)
    const wrong = errors.filter((error) => error.startsWith('control.md:'))
    expect(wrong).toEqual([expect.stringContaining('control.md:7: error TS2322')])
    expect(errors.filter((error) => !wrong.includes(error))).toEqual([])
  })

  it('tell a block that runs from one that fails', { timeout: 60_000 }, async () => {
    const [good, bad] = controls
    if (good === undefined || bad === undefined) throw new Error('the controls are gone')
    expect(await runSnippet(good)).toEqual({ exitCode: 0, output: 'true\n' })
    expect(await runSnippet(bad)).toMatchObject({ exitCode: 3 })
  })

  it.each(real.filter(({ runs }) => runs))(
    'run: $document line $line',
    { timeout: 180_000 },
    async (snippet) => {
      const { exitCode, output } = await runSnippet(snippet)
      expect(exitCode, output).toBe(0)
    },
  )
})

it('refuses other fences for code, so that none goes unchecked', () => {
  expect(() => snippetsOf(parseDocument('x.md', '```ts ignore\n1\n```'))).toThrow('x.md:1')
  expect(() => snippetsOf(parseDocument('x.md', '```js\n1\n```'))).toThrow('x.md:1')
})
