/** Named lists of alternatives; an alternative may itself hold `{symbol}` and `[this|that]`, also its own symbol. */
export type Lexicon = Readonly<Record<string, readonly string[]>>

/** Says which alternative a speaker takes for a symbol. */
export interface Chooser {
  choose(symbol: string, alternatives: number): number
}

/** Beyond this depth the first alternative is taken: by convention the one that does not recurse. */
const deepest = 7

interface Node {
  readonly kind: 'text' | 'symbol' | 'either'
  readonly text: string
  readonly alternatives: readonly (readonly Node[])[]
}

const parsed = new Map<string, readonly Node[]>()

function parse(template: string): readonly Node[] {
  const known = parsed.get(template)
  if (known !== undefined) return known
  const nodes: Node[] = []
  let literal = ''
  const flush = (): void => {
    if (literal !== '') nodes.push({ kind: 'text', text: literal, alternatives: [] })
    literal = ''
  }
  for (let index = 0; index < template.length; index++) {
    const character = template.charAt(index)
    if (character === '{') {
      const close = template.indexOf('}', index)
      if (close < 0) throw new Error(`unclosed { in "${template}"`)
      flush()
      nodes.push({ kind: 'symbol', text: template.slice(index + 1, close), alternatives: [] })
      index = close
    } else if (character === '[') {
      flush()
      const parts: string[] = []
      let depth = 0
      let start = index + 1
      let close = -1
      for (let at = index; at < template.length; at++) {
        const inner = template.charAt(at)
        if (inner === '[') depth++
        else if (inner === ']' && --depth === 0) {
          close = at
          break
        } else if (inner === '|' && depth === 1) {
          parts.push(template.slice(start, at))
          start = at + 1
        }
      }
      if (close < 0) throw new Error(`unclosed [ in "${template}"`)
      parts.push(template.slice(start, close))
      nodes.push({ kind: 'either', text: template.slice(index, close + 1), alternatives: parts.map(parse) })
      index = close
    } else literal += character
  }
  flush()
  parsed.set(template, nodes)
  return nodes
}

/** Expands a template; every choice, of words and of constructions, is the chooser's. */
export function expand(template: string, lexicon: Lexicon, chooser: Chooser, depth = 0): string {
  return render(parse(template), lexicon, chooser, depth)
}

function render(nodes: readonly Node[], lexicon: Lexicon, chooser: Chooser, depth: number): string {
  let text = ''
  for (const node of nodes) {
    if (node.kind === 'text') text += node.text
    else if (node.kind === 'either') {
      const index = depth > deepest ? 0 : chooser.choose(node.text, node.alternatives.length)
      text += render(node.alternatives[index] ?? [], lexicon, chooser, depth + 1)
    } else {
      const options = lexicon[node.text]
      if (options === undefined) throw new Error(`the lexicon has no "${node.text}"`)
      const index = depth > deepest ? 0 : chooser.choose(node.text, options.length)
      text += expand(options[index] ?? '', lexicon, chooser, depth + 1)
    }
  }
  return text
}

/** Every text that a template without symbols can become, in order, each once. */
export function expansions(template: string): readonly string[] {
  const known = expanded.get(template)
  if (known !== undefined) return known
  const texts = [...new Set(combine(parse(template)))]
  expanded.set(template, texts)
  return texts
}

const expanded = new Map<string, readonly string[]>()

function combine(nodes: readonly Node[]): readonly string[] {
  let texts: readonly string[] = ['']
  for (const node of nodes) {
    const next =
      node.kind === 'either'
        ? node.alternatives.flatMap((alternative) => combine(alternative))
        : [node.kind === 'symbol' ? `{${node.text}}` : node.text]
    texts = texts.flatMap((text) => next.map((more) => text + more))
  }
  return texts
}
