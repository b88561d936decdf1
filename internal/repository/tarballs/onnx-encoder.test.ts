import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TarballProject } from './installed-tarballs.ts'
import { installTarballs } from './installed-tarballs.ts'
import type { RandomEncoders } from './random-encoders.ts'
import { writeRandomEncoders } from './random-encoders.ts'

let project: TarballProject
let encoders: RandomEncoders

// The peer is 470 MB installed, so it is no dependency of the workspace, and tried only here.
beforeAll(() => {
  project = installTarballs({
    dependencies: { '@huggingface/transformers': '^4.3.0' },
    withoutScripts: ['onnxruntime-node', 'protobufjs', 'sharp'],
  })
  encoders = writeRandomEncoders(project.folder)
})
afterAll(() => project.remove())

interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

function node(words: readonly string[]): Ended {
  const { status, stdout, stderr } = spawnSync(process.execPath, words, {
    cwd: project.folder,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  })
  // Messages are wrapped at the width of the terminal.
  return { code: status, stdout, stderr: stderr.replaceAll(/\s+/g, ' ').trim() }
}

/** Runs a module as a program of the project, and reads the JSON that it prints. */
function evaluate<Result>(lines: readonly string[], ...words: readonly string[]): Result {
  // A file, since node-llama-cpp starts a process with the same options, which must not be the program itself.
  const program = join(project.folder, 'program.js')
  writeFileSync(program, lines.join('\n'))
  const { code, stdout, stderr } = node([program, ...words])
  expect(stderr).toBe('')
  expect(code).toBe(0)
  return JSON.parse(stdout)
}

function mop(...words: readonly string[]): Ended {
  const cli = project.tarballs.find(({ manifest }) => manifest.name === '@mop/cli')
  return node([join(cli?.folder ?? '', cli?.manifest.bin?.['mop'] ?? ''), ...words])
}

describe('an ONNX encoder beside transformers.js', () => {
  it('keeps the laws of encoders', () => {
    const laws = evaluate<{ name: string; broken: string | null }[]>(
      [
        "import { encoderContract } from '@mop/core/testing'",
        "import { createOnnxEncoder } from '@mop/local'",
        'const open = () => createOnnxEncoder(process.argv[2])',
        'const laws = []',
        // No difference at all is allowed between a text alone and the same in a batch.
        'for (const { name, run } of encoderContract(open, { tolerance: 0 }))',
        '  laws.push({ name, broken: await run().then(() => null, String) })',
        'console.log(JSON.stringify(laws))',
      ],
      encoders.onnxFolder,
    )
    expect(laws.length).toBeGreaterThan(5)
    expect(laws.filter(({ broken }) => broken !== null)).toEqual([])
  })

  it('gives the vectors that llama.cpp computes from the same weights', () => {
    const { ids, cosines } = evaluate<{ ids: string[]; cosines: number[] }>(
      [
        "import { createModelEncoder, createOnnxEncoder } from '@mop/local'",
        'const [onnxFolder, ggufFile] = process.argv.slice(2)',
        'await using onnx = await createOnnxEncoder(onnxFolder)',
        'await using gguf = await createModelEncoder(ggufFile)',
        "const texts = ['', 'The soup was warm.', 'Bread, and STEW!', 'soup [SEP] bread', 'na\u00efve', 'no']",
        // Of just one window, of a little more, and of many.
        "texts.push('the soup '.repeat(63), 'the soup '.repeat(64), 'people were kind '.repeat(300))",
        'const [a, b] = [(await onnx.encode(texts)).embeddings, (await gguf.encode(texts)).embeddings]',
        'const cosines = a.map((vector, text) =>',
        '  vector.reduce((sum, value, index) => sum + value * b[text][index], 0))',
        'console.log(JSON.stringify({ ids: [onnx.id, gguf.id], cosines }))',
      ],
      encoders.onnxFolder,
      encoders.ggufFile,
    )
    expect(ids).toEqual([
      expect.stringMatching(/^onnx:onnx-encoder@[0-9a-f]{12}:mean:128$/),
      expect.stringMatching(/^local:encoder\.gguf@[0-9a-f]{12}:embedding:128$/),
    ])
    for (const cosine of cosines) expect(cosine).toBeCloseTo(1, 6)
  })

  it('opens no connection and writes nothing', () => {
    const before = readdirSync(encoders.onnxFolder, { recursive: true })
    const attempts = evaluate<{ encoding: number; control: number }>(
      [
        "import { Socket } from 'node:net'",
        "import { createOnnxEncoder } from '@mop/local'",
        'let attempts = 0',
        'Socket.prototype.connect = function () {',
        '  attempts++',
        "  throw new Error('no connections here')",
        '}',
        'await using encoder = await createOnnxEncoder(process.argv[2])',
        "await encoder.encode(['The soup was warm.'])",
        'const encoding = attempts',
        "await fetch('http://127.0.0.1:54321/').catch(() => {})",
        'console.log(JSON.stringify({ encoding, control: attempts }))',
      ],
      encoders.onnxFolder,
    )
    expect(attempts).toEqual({ encoding: 0, control: 1 })
    expect(readdirSync(encoders.onnxFolder, { recursive: true })).toEqual(before)
    expect(existsSync(join(project.folder, 'node_modules/@huggingface/transformers/.cache'))).toBe(false)
  })

  it('names the folder of a model that is cut short', () => {
    const broken = join(project.folder, 'broken')
    cpSync(encoders.onnxFolder, broken, { recursive: true })
    truncateSync(join(broken, 'onnx/model.onnx'), 10_000)
    const { error } = evaluate<{ error: string }>(
      [
        "import { createOnnxEncoder } from '@mop/local'",
        'const error = await createOnnxEncoder(process.argv[2]).then(() => null, String)',
        'console.log(JSON.stringify({ error }))',
      ],
      broken,
    )
    expect(error).toContain(`OnnxModelError: ONNX model ${broken} cannot be loaded`)
  })
})

/** A file of a few records. */
function records(): string {
  const dishes = ['soup', 'bread', 'stew', 'dinner']
  const rows = Array.from({ length: 24 }, (_, index) => ({
    id: `r${index}`,
    input: `How was the ${dishes[index % dishes.length]}?`,
    output:
      index % 3 === 0 ? `Better than ${index} others, and warm.` : `Cold. People were ${index} minutes late.`,
  }))
  const file = join(project.folder, 'records.jsonl')
  writeFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
  return file
}

describe('mop with an ONNX encoder', () => {
  it('fits with it, asks for it, and simulates with it', () => {
    const encoder = ['--encoder', `onnx:${encoders.onnxFolder}`]
    const small = ['--personas', '2', '--exemplars', '3', '--rounds', '1', '--pairs', '2']
    const fit = mop('fit', records(), '-o', 'mixture.json', ...encoder, ...small, '--json')
    expect(fit.code, fit.stderr).toBe(0)
    const mixture: unknown = JSON.parse(readFileSync(join(project.folder, 'mixture.json'), 'utf8'))
    expect(mixture).toMatchObject({ encoder: { id: expect.stringMatching(/^onnx:/) } })

    const simulation = [
      'simulate',
      'mixture.json',
      '-o',
      'simulated.jsonl',
      '--input',
      'How was the soup?',
      '-n',
      '3',
    ]
    const without = mop(...simulation)
    expect(without.stderr).toContain('--encoder onnx:path/to/folder')
    expect(without.code).toBe(2)

    const simulated = mop(...simulation, ...encoder)
    expect(simulated.code, simulated.stderr).toBe(0)
    const rows = readFileSync(join(project.folder, 'simulated.jsonl'), 'utf8').trimEnd().split('\n')
    expect(rows.map((row) => JSON.parse(row))).toEqual(
      Array.from({ length: 3 }, () =>
        expect.objectContaining({ input: 'How was the soup?', output: expect.any(String) }),
      ),
    )
  })
})
