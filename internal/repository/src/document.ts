import { readText, repositoryFiles } from './repository.ts'

export interface CodeBlock {
  /** The words after the fence: `['ts', 'run']`. */
  readonly info: readonly string[]
  /** Line of the document on which the code begins. */
  readonly line: number
  readonly code: string
}

/** A Markdown document, taken apart as far as the tests need it. */
export interface Document {
  readonly path: string
  readonly blocks: readonly CodeBlock[]
  /** Inline code outside blocks. */
  readonly spans: readonly { readonly line: number; readonly text: string }[]
  /** Targets of links outside blocks. */
  readonly links: readonly { readonly line: number; readonly target: string }[]
}

/** The documents that promise something: README, CONTRIBUTING, decisions, READMEs of packages. */
export function documentPaths(): readonly string[] {
  return repositoryFiles().filter((path) =>
    /^(?:README|CONTRIBUTING|decisions\/[^/]+|(?:(?:packages|apps|internal)\/[^/]+|benchmarks|packages\/[^/]+\/training)\/README)\.md$/.test(
      path,
    ),
  )
}

export function parseDocument(path: string, markdown: string = readText(path)): Document {
  const blocks: CodeBlock[] = []
  const spans: { line: number; text: string }[] = []
  const links: { line: number; target: string }[] = []
  let open: { fence: string; info: string[]; line: number; code: string[] } | undefined
  for (const [index, text] of markdown.split('\n').entries()) {
    const line = index + 1
    const fence = /^\s*(`{3,})(.*)$/.exec(text)
    if (open !== undefined) {
      if (fence?.[1] === open.fence && fence[2]?.trim() === '') {
        blocks.push({ info: open.info, line: open.line, code: open.code.join('\n') })
        open = undefined
      } else open.code.push(text)
      continue
    }
    if (fence?.[1] !== undefined) {
      open = {
        fence: fence[1],
        info: (fence[2] ?? '').trim().split(/\s+/).filter(Boolean),
        line: line + 1,
        code: [],
      }
      continue
    }
    for (const [, code = ''] of text.matchAll(/`([^`]+)`/g)) spans.push({ line, text: code })
    for (const [, target = ''] of text.matchAll(/\]\(([^)\s]+)\)/g)) links.push({ line, target })
  }
  if (open !== undefined) throw new Error(`${path}:${open.line - 1}: the code block is never closed`)
  return { path, blocks, spans, links }
}
