import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createContext, runInContext } from 'node:vm'
import { rolldown } from 'rolldown'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { publishedPackages } from '../src/package-manifest.ts'
import { readText, root } from '../src/repository.ts'
import { exampleDependencies, examplePrograms, readmeCommand, runOffline, serve } from './examples.ts'
import type { InstalledTarball, TarballProject } from './installed-tarballs.ts'
import { installTarballs } from './installed-tarballs.ts'
import { writeRandomEncoders } from './random-encoders.ts'

/** Packed bytes. The language model of `@mop/local` is most of it. */
const sizeLimits: Readonly<Record<string, number>> = {
  '@mop/core': 400_000,
  '@mop/local': 16_000_000,
  '@mop/ai-sdk': 100_000,
  '@mop/cli': 200_000,
  '@mop/eval': 130_000,
  '@mop/langchain': 60_000,
  '@mop/llamaindex': 50_000,
}
/** Minified bytes of a root entry with all it needs, for the browser, and one of its exports. */
const inBrowsers = [
  { name: '@mop/core', limit: 250_000, known: 'MopError' },
  { name: '@mop/eval', limit: 250_000, known: 'measure' },
]

const names = publishedPackages().map(({ manifest }) => manifest.name)
let project: TarballProject

beforeAll(() => {
  project = installTarballs({ dependencies: exampleDependencies() })
})
afterAll(() => project.remove())

function tarball(name: string): InstalledTarball {
  const found = project.tarballs.find(({ manifest }) => manifest.name === name)
  if (found === undefined) throw new Error(`${name} is not installed`)
  return found
}

/** `@mop/core`, `@mop/core/readers`, …: what can be imported of a package. Files by pattern are data. */
function entries({ manifest }: InstalledTarball): readonly string[] {
  return Object.keys(manifest.exports ?? {})
    .filter((entry) => entry !== './package.json' && !entry.endsWith('/*'))
    .map((entry) => `${manifest.name}${entry.slice(1)}`)
}

describe.each(names)('%s, packed and installed', (name) => {
  it('holds what it needs and no sources or tests', () => {
    const { files } = tarball(name)
    expect(files).toEqual(expect.arrayContaining(['package.json', 'README.md', 'LICENSE']))
    expect(files.filter((file) => /^(?:src|training)\/|\.test\.|tsconfig|\.tsbuildinfo$/.test(file))).toEqual(
      [],
    )
  })

  it('says nothing that only this repository understands', () => {
    const { folder, files, manifest } = tarball(name)
    expect(JSON.stringify(manifest)).not.toMatch(/"(?:workspace|catalog):/)
    const texts = files.filter((file) => /\.(?:js|ts|json|md)$/.test(file))
    const leaking = texts.filter((file) => readFileSync(join(folder, file), 'utf8').includes(root))
    expect(leaking).toEqual([])
  })

  it('stays within its size', () => {
    expect(Object.keys(sizeLimits)).toContain(name)
    expect(tarball(name).size).toBeLessThan(sizeLimits[name] ?? 0)
  })

  it('can be imported, every entry of it', () => {
    for (const entry of entries(tarball(name))) {
      const script = `console.log(Object.keys(await import('${entry}')).length)`
      const printed = execFileSync(process.execPath, ['--input-type=module', '--eval', script], {
        cwd: project.folder,
        encoding: 'utf8',
      })
      expect(Number(printed), entry).toBeGreaterThan(0)
    }
  })
})

describe('the shipped population', () => {
  it('is found by its name in the installed package', () => {
    const script = `console.log(import.meta.resolve('@mop/local/data/society.jsonl'))`
    const printed = execFileSync(process.execPath, ['--input-type=module', '--eval', script], {
      cwd: project.folder,
      encoding: 'utf8',
    })
    const [first] = readFileSync(fileURLToPath(printed.trim()), 'utf8').split('\n')
    expect(JSON.parse(first ?? '')).toMatchObject({ id: expect.any(String), output: expect.any(String) })
  })
})

describe('the installed declarations', () => {
  it('pass a strict compiler that checks libraries too', () => {
    const imports = project.tarballs.flatMap(entries)
    const lines = imports.map((entry, index) => `export * as entry${index} from '${entry}'`)
    writeFileSync(join(project.folder, 'consumer.ts'), `${lines.join('\n')}\n`)
    const compilerOptions = {
      target: 'ES2024',
      lib: ['ES2024', 'DOM', 'DOM.Iterable'],
      module: 'NodeNext',
      strict: true,
      exactOptionalPropertyTypes: true,
      skipLibCheck: false,
      noEmit: true,
      types: ['node'],
    }
    writeFileSync(
      join(project.folder, 'tsconfig.json'),
      JSON.stringify({ compilerOptions, files: ['consumer.ts'] }),
    )
    const errors = compilerErrors()
    expect(errors.filter((error) => error.startsWith('consumer.ts') || error.includes('@mop'))).toEqual([])
  })
})

function compilerErrors(): readonly string[] {
  const compiler = join(import.meta.dirname, '../node_modules/.bin/tsc')
  try {
    execFileSync(compiler, ['--project', project.folder, '--pretty', 'false'], {
      cwd: project.folder,
      encoding: 'utf8',
      stdio: 'pipe',
    })
    return []
  } catch (error) {
    const lines = String(Reflect.get(Object(error), 'stdout')).split('\n')
    const errors = lines.filter((line) => line.includes('error TS'))
    if (errors.length === 0) throw error
    return errors
  }
}

/** The program behind the command `mop`. */
function mopBin(): string {
  const { folder, manifest } = tarball('@mop/cli')
  return join(folder, manifest.bin?.['mop'] ?? '')
}

describe('the command', () => {
  it('prints its help', () => {
    const help = execFileSync(process.execPath, [mopBin(), '--help'], {
      cwd: project.folder,
      encoding: 'utf8',
    })
    expect(help).toContain('Usage: mop')
  })
})

describe('the examples', () => {
  const programs = examplePrograms()

  it('are one for each framework, of at most 25 lines', () => {
    expect(programs.map((file) => basename(file))).toEqual([
      'ai-sdk-call.ts',
      'langchain-chain.ts',
      'llamaindex-workflow.ts',
    ])
    const lengths = programs.map((file) => readText(file).trimEnd().split('\n').length)
    expect(Math.max(...lengths)).toBeLessThanOrEqual(25)
  })

  it('run offline against `mop serve`; one seed is one draw in every framework', async () => {
    const { folder } = project
    execFileSync(process.execPath, [mopBin(), ...readmeCommand('fit')], { cwd: folder, stdio: 'pipe' })
    await using server = await serve(mopBin(), folder)
    const printed = await Promise.all(
      programs.map((file) => runOffline({ project: folder, file, url: server.url })),
    )
    const answers = printed.map((lines) =>
      lines
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    )
    const draw = {
      personas: [expect.stringMatching(/^cluster-\d$/)],
      exemplars: [expect.stringMatching(/^s\d{5}$/)],
      probability: expect.any(Number),
      temperature: expect.any(Number),
    }
    for (const lines of answers) {
      expect(lines).toEqual(
        [1, 2, 3, 4, 5].map((seed) => ({
          answer: expect.stringMatching(/\w/),
          draw: { ...draw, seed },
        })),
      )
    }
    const [first, ...others] = answers.map((lines) => lines.map((line) => line.draw))
    for (const draws of others) expect(draws).toEqual(first)
    expect(new Set(first?.map(({ personas }) => personas[0])).size).toBeGreaterThan(1)
    // A control: the programs could not have asked anybody else.
    const [file = ''] = programs
    const elsewhere = runOffline({ project: folder, file, url: 'http://192.0.2.1/v1' })
    await expect(elsewhere).rejects.toThrow('no connection to 192.0.2.1 here')
  })
})

describe('an ONNX encoder without its optional peer', () => {
  it('says which package is missing and how to install it', () => {
    expect(tarball('@mop/local').manifest.peerDependencies).toEqual({
      '@huggingface/transformers': expect.stringMatching(/^\^4\./),
    })
    const { onnxFolder } = writeRandomEncoders(project.folder)
    const records = join(project.folder, 'records.jsonl')
    const rows = Array.from({ length: 20 }, (_, index) => ({
      input: 'How was the soup?',
      output: `Warm ${index}.`,
    }))
    writeFileSync(records, rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
    const words = ['fit', records, '-o', 'mixture.json', '--encoder', `onnx:${onnxFolder}`]
    const { status, stderr } = spawnSync(process.execPath, [mopBin(), ...words], {
      cwd: project.folder,
      encoding: 'utf8',
    })
    const message = stderr.replaceAll(/\s+/g, ' ')
    expect(message).toContain('need the package @huggingface/transformers, which is not installed')
    expect(message).toContain('npm install --ignore-scripts @huggingface/transformers@4')
    expect(status).toBe(1)
  })
})

describe.each(inBrowsers)('$name in a browser', ({ name, limit, known }) => {
  it('is bundled whole, without Node, and loads where there is no Node', async () => {
    const entry = join(project.folder, 'browser.js')
    writeFileSync(entry, `import * as ours from '${name}'\nglobalThis.ours = ours\n`)
    const bundle = await rolldown({
      input: entry,
      cwd: project.folder,
      platform: 'browser',
      onLog: (_level, log) => {
        throw new Error(log.message)
      },
    })
    const { output } = await bundle.generate({ format: 'iife', minify: true })
    const [chunk] = output
    expect(output).toHaveLength(1)
    expect([...chunk.imports, ...chunk.dynamicImports].filter((specifier) => isBuiltin(specifier))).toEqual(
      [],
    )
    expect([...chunk.imports, ...chunk.dynamicImports]).toEqual([])
    expect(chunk.code.length).toBeLessThan(limit)

    const webGlobals =
      'AbortController AbortSignal TextDecoder TextEncoder URL atob btoa console crypto performance structuredClone'
    const page = createContext(
      Object.fromEntries(webGlobals.split(' ').map((name) => [name, Reflect.get(globalThis, name)])),
    )
    runInContext(chunk.code, page)
    expect(runInContext(`typeof process === 'undefined' && typeof ours.${known}`, page)).toBe('function')
  })
})
