import { existsSync, globSync, readdirSync } from 'node:fs'
import { join, posix } from 'node:path'
import type { Document } from './document.ts'
import { root } from './repository.ts'

export interface NamedPath {
  readonly line: number
  readonly path: string
}

const shape = /^(?:\.{0,2}[\w@*-][\w.@*-]*\/)*\.?[\w@*-][\w.@*-]*\/?$/
const ours = /\.(?:ts|tsx|mts|json|md|py|gguf|ya?ml)$/

/**
 * Paths of the repository that a document names: every relative link, and inline code whose first part is a file or
 * folder of the root or beside the document. A `*` stands for any name.
 */
export function namedPaths({ path, spans, links }: Document): readonly NamedPath[] {
  const beside = readdirSync(join(root, posix.dirname(path)))
  const top = readdirSync(root)
  const inCode = spans.filter(({ text }) => {
    if (!shape.test(text)) return false
    const [first = ''] = text.split('/')
    if (text.includes('/')) return beside.includes(first) || top.includes(first)
    return (
      text.endsWith('.md') || (ours.test(text) && /^(?:package|turbo|tsconfig|pnpm-workspace)\./.test(text))
    )
  })
  const linked = links.filter(({ target }) => !/^(?:[a-z]+:|#)/.test(target))
  return [
    ...inCode.map(({ line, text }) => ({ line, path: text })),
    ...linked.map(({ line, target }) => ({ line, path: target.replace(/#.*$/, '') })),
  ]
}

/** Whether a path exists, seen from the document's folder or from the root. */
export function pathExists(path: string, document: string): boolean {
  return [posix.join(posix.dirname(document), path), path].some((candidate) =>
    candidate.includes('*')
      ? globSync(candidate, { cwd: root }).length > 0
      : existsSync(join(root, candidate)),
  )
}
