import { parseSync } from 'oxc-parser'
import { readText } from './repository.ts'

export interface ModuleImport {
  /** The file that imports, relative to the root. */
  readonly file: string
  readonly line: number
  /** What is imported, as written. A dynamic import of anything but a literal is `undefined`. */
  readonly specifier: string | undefined
}

/** Imports, re-exports and dynamic imports of a file, types included. Throws on a syntax error. */
export function moduleImports(file: string, source: string = readText(file)): readonly ModuleImport[] {
  const { module, errors } = parseSync(file, source)
  if (errors.length > 0) throw new Error(`${file}: ${errors.map((error) => error.message).join('; ')}`)
  const lineOf = (offset: number): number => source.slice(0, offset).split('\n').length
  const imports: ModuleImport[] = module.staticImports.map((found) => ({
    file,
    line: lineOf(found.start),
    specifier: found.moduleRequest.value,
  }))
  for (const found of module.staticExports) {
    const requests = new Set(found.entries.flatMap(({ moduleRequest }) => moduleRequest?.value ?? []))
    for (const specifier of requests) imports.push({ file, line: lineOf(found.start), specifier })
  }
  for (const found of module.dynamicImports) {
    const argument = source.slice(found.moduleRequest.start, found.moduleRequest.end)
    const literal = /^(['"`])([^'"`$]*)\1$/.exec(argument)
    imports.push({ file, line: lineOf(found.start), specifier: literal?.[2] })
  }
  return imports
}
