import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const root = new URL('../../../', import.meta.url)
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8')

describe('the quick start', () => {
  it('is the same text in the README and in the demo app', () => {
    const block = /```ts run\n([\s\S]*?)```/.exec(read('README.md'))?.[1]
    expect(block).toBe(read('apps/demo/src/quick-start.ts'))
  })
})
