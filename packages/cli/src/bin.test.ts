import { writeFileSync } from 'node:fs'
import { defaultTemperatures } from '@mop/core'
import { describe, expect, it } from 'vitest'
import packageJson from '../package.json' with { type: 'json' }
import { mop, startMop } from './testing/mop-process.ts'
import { smallPopulation } from './testing/small-population.ts'
import { temporaryFolder } from './testing/temporary-folder.ts'

const commands = ['demo', 'fit', 'simulate', 'answer', 'inspect', 'personas', 'serve']
const escape = '\u001b['

describe('help', () => {
  it('lists the commands, the exit codes and examples', async () => {
    using folder = temporaryFolder()
    const { code, stdout, stderr } = await mop(['--help'], { folder: folder.path })
    expect(code).toBe(0)
    expect(stderr).toBe('')
    for (const command of commands) expect(stdout).toMatch(new RegExp(`^  ${command}\\b`, 'm'))
    expect(stdout).toContain('130 interrupted')
    const widest = Math.max(...stdout.split('\n').map((line) => line.length))
    expect(widest).toBeLessThanOrEqual(90)
  })

  it.each(commands)('of %s has examples and the options of every command', async (command) => {
    using folder = temporaryFolder()
    const { code, stdout } = await mop([command, '--help'], { folder: folder.path })
    expect(code).toBe(0)
    expect(stdout).toContain(`Examples:\n  mop ${command}`)
    expect(stdout).toContain('--json')
  })

  it('of fit tells the default grid of temperatures', async () => {
    using folder = temporaryFolder()
    const { stdout } = await mop(['fit', '--help'], { folder: folder.path })
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(`(default: ${defaultTemperatures.join(',')})`)
  })

  it('and version', async () => {
    using folder = temporaryFolder()
    expect((await mop(['--version'], { folder: folder.path })).stdout.trim()).toBe(packageJson.version)
    expect((await mop(['help', 'fit'], { folder: folder.path })).stdout).toContain('Usage: mop fit')
  })
})

describe('wrong usage ends with 2 and says what is wrong', () => {
  it.each([
    [[], 'Usage: mop'],
    [['fitt'], "unknown command 'fitt'"],
    [['fit'], "missing required argument 'records'"],
    [['fit', 'r.jsonl', '--ronds', '3'], "unknown option '--ronds'"],
    [['fit', 'r.jsonl', '--rounds', 'many'], 'whole number of at least 1'],
    [['fit', 'r.jsonl', '--context', '99999999999'], 'whole number from 1 to 16777216'],
    [['fit', 'r.jsonl', '--held-out', '2'], 'share between 0 and 1'],
    [['fit', 'r.jsonl', '--format', 'xml'], 'Allowed choices are jsonl'],
    [['fit', 'r.jsonl', '--map', 'question'], 'Write id, input, output'],
    [['fit', 'r.jsonl', '--model', 'gpt-4'], 'There is no model "gpt-4"'],
    [['simulate', 'm.json', '--input', 'a', '--inputs', 'b'], '--inputs and --input'],
    [['personas'], 'Which personas?'],
    [['fit', 'r.jsonl', '--config', 'gone.ts'], 'gone.ts: there is no such file'],
  ])('%j', async (words, message) => {
    using folder = temporaryFolder()
    writeFileSync(folder.file('r.jsonl'), smallPopulation(20))
    const { code, stdout, stderr } = await mop(words, { folder: folder.path })
    expect(stderr).toContain(message)
    expect(stderr).not.toMatch(/^\s+at /m)
    expect(code).toBe(2)
    expect(stdout).toBe('')
  })

  it.each([
    [['--budget', '3'], '--budget must be at least'],
    [['--held-out', '0.6', '--validation', '0.5'], '--held-out and --validation must be two shares above 0'],
    [['--strata', 'shoe'], '--strata must be attributes that records have; found "shoe"'],
  ])('what the packages refuse, in flags: %j', async (words, message) => {
    using folder = temporaryFolder()
    writeFileSync(folder.file('r.jsonl'), smallPopulation(20))
    const { code, stdout, stderr } = await mop(['fit', 'r.jsonl', ...words, '--personas', '2', '--json'], {
      folder: folder.path,
    })
    expect(stderr.replaceAll(/\s+/g, ' ')).toContain(message)
    expect(JSON.parse(stdout)).toMatchObject({
      error: { code: 'invalid-argument', message: expect.stringContaining(message) },
    })
    expect(code).toBe(2)
  })

  it('a wrong configuration, naming file and field', async () => {
    using folder = temporaryFolder()
    writeFileSync(folder.file('mop.config.ts'), 'export default { fit: { rounds: "many" as string } }\n')
    const { code, stderr } = await mop(['fit', 'r.jsonl'], { folder: folder.path })
    expect(stderr).toContain('mop.config.ts, field "fit.rounds": Expected number but received "many"')
    expect(code).toBe(2)
  })

  it.each([
    [
      "import { defineConfig } from '@mop/cli'",
      'imports @mop/cli, which is not installed where the file lies. Write `export default { … }` without the import',
    ],
    [
      "import x from 'no-such-package'",
      'imports no-such-package, which is not installed where the file lies. Install it there (npm install --save-dev no-such-package)',
    ],
    ["import x from './gone.ts'", 'gone.ts, which does not exist. Correct the import, or take it out.'],
  ])('a configuration with %s, saying what to do', async (line, message) => {
    using folder = temporaryFolder()
    writeFileSync(folder.file('mop.config.ts'), `${line}\nexport default {}\n`)
    const { code, stderr } = await mop(['inspect', 'm.json'], { folder: folder.path })
    expect(stderr.replaceAll(/\s+/g, ' ')).toContain(message)
    expect(code).toBe(2)
  })
})

describe('a failure ends with 1', () => {
  it('naming the file that is missing', async () => {
    using folder = temporaryFolder()
    const { code, stderr } = await mop(['fit', 'gone.jsonl'], { folder: folder.path })
    expect(stderr).toContain('gone.jsonl')
    expect(stderr).not.toMatch(/^\s+at /m)
    expect(code).toBe(1)
  })

  it('naming the line and field that are broken', async () => {
    using folder = temporaryFolder()
    writeFileSync(folder.file('r.jsonl'), `${smallPopulation(5)}{"id":"x","input":"a"}\n`)
    const { code, stderr } = await mop(['fit', 'r.jsonl'], { folder: folder.path })
    expect(stderr).toContain('r.jsonl, line 6, field "output"')
    expect(code).toBe(1)
  })

  it('with the flags that help: of columns and of marks between cells', async () => {
    using folder = temporaryFolder()
    writeFileSync(folder.file('r.csv'), 'question,answer\na,b\n')
    const mapped = await mop(['fit', 'r.csv'], { folder: folder.path })
    expect(mapped.stderr.replaceAll(/\s+/g, ' ')).toContain('Say with --map which column holds which field')
    writeFileSync(folder.file('r.csv'), 'input;output\na;b\n')
    const cells = await mop(['fit', 'r.csv'], { folder: folder.path })
    expect(cells.stderr.replaceAll(/\s+/g, ' ')).toContain('separated by ";": give it as --delimiter')
    const few = await mop(['fit', 'r.csv', '--delimiter', ';'], { folder: folder.path })
    expect(few.stderr.replaceAll(/\s+/g, ' ')).toContain(
      '<records> must be enough respondents or distinct texts',
    )
    expect([mapped.code, cells.code, few.code]).toEqual([1, 1, 1])
  })

  it('in words where the system refuses', async () => {
    using folder = temporaryFolder()
    writeFileSync(folder.file('r.jsonl'), smallPopulation(20))
    writeFileSync(folder.file('taken'), '')
    const words = ['fit', 'r.jsonl', '--personas', '2', '--exemplars', '2', '-o', 'taken/mixture.json']
    const { code, stderr } = await mop(words, { folder: folder.path })
    expect(stderr).toMatch(/^error: .*taken/m)
    expect(stderr).not.toMatch(/^\s+at /m)
    expect(code).toBe(1)
  })

  it('where the personas quote every record', async () => {
    using folder = temporaryFolder()
    writeFileSync(folder.file('r.jsonl'), smallPopulation(20))
    const { code, stderr } = await mop(['fit', 'r.jsonl', '--personas', '50'], { folder: folder.path })
    expect(stderr).toContain('Nothing is left to learn from')
    expect(code).toBe(2)
  })

  it('with a stack only where it is asked for', async () => {
    using folder = temporaryFolder()
    const { stderr } = await mop(['inspect', 'gone.json'], {
      folder: folder.path,
      environment: { MOP_DEBUG: '1' },
    })
    expect(stderr).toContain('there is no such file')
    expect(stderr).toMatch(/^\s+at /m)
  })

  it('as one JSON document with --json', async () => {
    using folder = temporaryFolder()
    const { code, stdout } = await mop(['inspect', 'gone.json', '--json'], { folder: folder.path })
    expect(JSON.parse(stdout)).toEqual({
      error: { code: 'file', message: expect.stringContaining('gone.json') },
    })
    expect(code).toBe(1)
  })
})

describe('colour', () => {
  it('is not in a pipe, and is where it is forced', async () => {
    using folder = temporaryFolder()
    const inspect = (environment: Record<string, string>) =>
      mop(['inspect', 'gone.json'], { folder: folder.path, environment })
    expect((await inspect({})).stderr).not.toContain(escape)
    expect((await inspect({ FORCE_COLOR: '1' })).stderr).toContain(escape)
    expect((await inspect({ NO_COLOR: '1' })).stderr).not.toContain(escape)
  })
})

it('the server answers until it is stopped, and stops cleanly', async () => {
  using folder = temporaryFolder()
  const server = startMop(['serve', '--port', '0', '--json'], { folder: folder.path })
  try {
    while (!server.stdout().endsWith('}\n')) await new Promise((resolve) => setTimeout(resolve, 10))
    const { url, model } = JSON.parse(server.stdout()) as { url: string; model: string }
    const response = await fetch(`${url}/models`)
    const { data } = (await response.json()) as { data: { id: string }[] }
    expect(data.map(({ id }) => id)).toContain(model)
  } finally {
    server.kill('SIGINT')
  }
  expect((await server.ended).code).toBe(0)
})
