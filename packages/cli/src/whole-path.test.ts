import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import type { FitReport } from '@mop/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mop, startMop, untilLines, wholeLines } from './testing/mop-process.ts'
import { smallFit, smallPopulation } from './testing/small-population.ts'
import { temporaryFolder } from './testing/temporary-folder.ts'

/** The real engine with the shipped model, on forty records. */
const folder = temporaryFolder()
const records = folder.file('records.jsonl')
let fitted: Awaited<ReturnType<typeof mop>>

interface FitDocument {
  readonly mixtureFile: string
  readonly table: string
  readonly report: FitReport
}

interface Row {
  readonly id: string
  readonly output: string
}

/** What of a mixture's file does not say how long it took. */
function contentOf(path: string): object {
  const {
    report,
    checksum: _checksum,
    ...content
  } = JSON.parse(readFileSync(path, 'utf8')) as {
    report: FitReport
    checksum: string
  }
  const { seconds: _seconds, usage: _usage, likelihoods, ...figures } = report
  return { ...content, report: { ...figures, total: likelihoods.total } }
}

/** Tokens that the entries of a table scored: what computing them cost. */
function tokensOf(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + (JSON.parse(line) as { n: number }).n, 0)
}

beforeAll(async () => {
  writeFileSync(records, smallPopulation(40))
  fitted = await mop(['fit', 'records.jsonl', ...smallFit], { folder: folder.path })
})

afterAll(() => folder[Symbol.dispose]())

describe('fit', () => {
  it('says what it will cost, and at the end how well it did and where everything is', () => {
    const { code, stdout, stderr } = fitted
    expect(stderr).toMatch(/Cost +at most [\d,]+ likelihoods, about [\d,]+ tokens/)
    expect(stderr).toContain('40 records: 24 to learn from, 8 to choose on, 8 held out')
    expect(stdout).toMatch(/bare model +−\d/)
    expect(stdout).toMatch(/^mixture +−\d/m)
    expect(stdout).toContain('mixture.json.likelihoods.jsonl')
    expect(stdout.replaceAll('\n', ' ')).toContain('Treat it as personal data')
    expect(`${stdout}${stderr}`).not.toContain('\u001b')
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(120)
    expect(code).toBe(0)
    expect(existsSync(folder.file('mixture.report.json'))).toBe(true)
  })

  it('computes nothing again with the same table, and prints one JSON document', async () => {
    const before = wholeLines(folder.file('mixture.json.likelihoods.jsonl'))
    const words = ['fit', 'records.jsonl', ...smallFit, '-o', 'again.json', '--json']
    const { code, stdout } = await mop([...words, '--table', 'mixture.json.likelihoods.jsonl'], {
      folder: folder.path,
    })
    const document = JSON.parse(stdout) as FitDocument
    expect(code).toBe(0)
    expect(document.report.usage.outputTokens).toBe(0)
    expect(document.report.likelihoods).toEqual({ total: before.length - 1, found: before.length - 1 })
    expect(wholeLines(folder.file('mixture.json.likelihoods.jsonl'))).toEqual(before)
    expect(contentOf(folder.file('again.json'))).toEqual(contentOf(folder.file('mixture.json')))
  })

  it('goes on after SIGKILL, three times, without computing a likelihood twice, to the same mixture', async () => {
    const words = ['fit', 'records.jsonl', ...smallFit, '-o', 'killed.json', '--json']
    const table = folder.file('killed.json.likelihoods.jsonl')
    const total = wholeLines(folder.file('mixture.json.likelihoods.jsonl')).length
    for (const share of [0.2, 0.5, 0.8]) {
      const process = startMop(words, { folder: folder.path })
      await untilLines(table, Math.round(share * total), process)
      process.kill('SIGKILL')
      expect((await process.ended).signal).toBe('SIGKILL')
      expect(existsSync(folder.file('killed.json'))).toBe(false)
    }
    const kept = wholeLines(table)
    expect(kept.length).toBeLessThan(total)
    const { code, stdout } = await mop(words, { folder: folder.path })
    expect(code).toBe(0)
    const { report } = JSON.parse(stdout) as FitDocument
    const lines = wholeLines(table)
    expect(lines.slice(0, kept.length)).toEqual(kept)
    expect(report.usage.outputTokens).toBe(tokensOf(lines.slice(kept.length)))
    const cells = lines.slice(1).map((line) => {
      const { i, c } = JSON.parse(line) as { i: string; c: string }
      return `${i} ${c}`
    })
    expect(new Set(cells).size).toBe(cells.length)
    expect(lines.toSorted()).toEqual(wholeLines(folder.file('mixture.json.likelihoods.jsonl')).toSorted())
    expect(contentOf(folder.file('killed.json'))).toEqual(contentOf(folder.file('mixture.json')))
  })

  it('stops at Ctrl-C with 130, keeps the table and says how to go on', async () => {
    const process = startMop(['fit', 'records.jsonl', ...smallFit, '-o', 'stopped.json'], {
      folder: folder.path,
    })
    const table = folder.file('stopped.json.likelihoods.jsonl')
    await untilLines(table, 20, process)
    process.kill('SIGINT')
    const { code, stderr } = await process.ended
    expect(code).toBe(130)
    expect(stderr).toContain('Every likelihood so far is kept in stopped.json.likelihoods.jsonl')
    expect(stderr).not.toMatch(/^\s+at /m)
    expect(wholeLines(table).length).toBeGreaterThanOrEqual(20)
    expect(existsSync(folder.file('stopped.json'))).toBe(false)
  })

  it('refuses a table that another fit is writing, naming the file and the process', async () => {
    const words = ['fit', 'records.jsonl', ...smallFit, '-o', 'shared.json']
    const table = folder.file('shared.json.likelihoods.jsonl')
    const first = startMop(words, { folder: folder.path })
    await untilLines(table, 5, first)
    const { code, stderr } = await mop(words, { folder: folder.path })
    first.kill('SIGINT')
    await first.ended
    expect(stderr.replaceAll(/\s+/g, ' ')).toMatch(
      /error: shared\.json\.likelihoods\.jsonl is being written by process \d+ on /,
    )
    expect(code).toBe(1)
    expect(existsSync(`${table}.lock`)).toBe(false)
  })

  it('names every record that the model cannot take whole, with file and line, before anything is computed', async () => {
    using other = temporaryFolder()
    const novel = (id: string, length: number): string =>
      `${JSON.stringify({ id, input: 'What do you say?', output: 'So it was. '.repeat(length / 11) })}\n`
    writeFileSync(
      other.file('records.jsonl'),
      smallPopulation(20) +
        novel('novel', 20_000) +
        smallPopulation(1).replaceAll('0', '77') +
        novel('saga', 40_000),
    )
    const { code, stderr, stdout } = await mop(['fit', 'records.jsonl', ...smallFit, '--json'], {
      folder: other.path,
    })
    const message = stderr.replaceAll(/\s+/g, ' ')
    expect(message).toMatch(
      /error: records\.jsonl, line 23, record "saga", field "output": \d+ tokens; the language model takes 2048 at once\. 1 more is too long: "novel" \(line 21, \d+\)\. Shorten or leave out/,
    )
    expect(message).toContain('give a --model that takes more')
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'text-too-long' } })
    expect(existsSync(other.file('mixture.json.likelihoods.jsonl'))).toBe(false)
    expect(code).toBe(1)
  })

  it('takes the context of a local model from the flag or the configuration, and says that it can be larger', async () => {
    const short = await mop(['fit', 'records.jsonl', ...smallFit, '--context', '40', '-o', 'short.json'], {
      folder: folder.path,
    })
    const message = short.stderr.replaceAll(/\s+/g, ' ')
    expect(message).toMatch(
      /records\.jsonl, line \d+, record "r\d+", field "output": \d+ tokens together with persona "[\w-]+" and exemplar "r\d+"; the language model takes 40 at once/,
    )
    expect(message).toContain('a larger --context: this model was trained on up to 2048 tokens')
    expect(short.code).toBe(1)
    using other = temporaryFolder()
    copyFileSync(folder.file('mixture.json'), other.file('mixture.json'))
    writeFileSync(other.file('mop.config.json'), '{"context": 30}')
    const words = [
      'simulate',
      'mixture.json',
      '-n',
      '2',
      '--input',
      'What do you say of the soup? '.repeat(3),
    ]
    const refused = await mop(words, { folder: other.path })
    expect(refused.stderr.replaceAll(/\s+/g, ' ')).toMatch(
      /input "i1", field "input": \d+ tokens together with persona "[\w-]+" and exemplar "r\d+"; the language model takes 30 at once\. Shorten .* a larger --context/,
    )
    expect((await mop([...words, '--context', '600'], { folder: other.path })).code).toBe(0)
  })

  it('takes its options from the configuration, and the flag first', async () => {
    using other = temporaryFolder()
    copyFileSync(records, other.file('records.jsonl'))
    writeFileSync(
      other.file('mop.config.json'),
      JSON.stringify({
        fit: { personas: 2, exemplars: 3, rounds: 1, pairs: 2, limit: 24, temperatures: [0.5, 1, 4] },
      }),
    )
    const { code, stdout } = await mop(['fit', 'records.jsonl', '--exemplars', '2', '--private', '--json'], {
      folder: other.path,
    })
    const { report } = JSON.parse(stdout) as FitDocument
    expect(code).toBe(0)
    expect([report.personas, report.exemplars]).toEqual([2, 2])
    expect(wholeLines(other.file('mixture.json.likelihoods.jsonl'))[0]).toContain('"temperatures":[0.5,1,4]')
    const { train, validation, heldOut } = report.records
    expect(train + validation + heldOut).toBe(24)
    const text = readFileSync(other.file('mixture.json'), 'utf8')
    for (const line of wholeLines(other.file('records.jsonl'))) {
      const { output } = JSON.parse(line) as { output: string }
      expect(text).not.toContain(output)
    }
    const refused = await mop(['inspect', 'mixture.json'], { folder: other.path })
    expect(refused.code).toBe(1)
    expect(refused.stderr).toContain('saved without exemplar texts')
    const shown = await mop(['inspect', 'mixture.json', '--records', 'records.jsonl'], { folder: other.path })
    expect(shown.code).toBe(0)
  })
})

describe('simulate', () => {
  const words = ['simulate', 'mixture.json', '-n', '6', '--seed', '3']

  it('writes rows, resumes after SIGKILL, and ends with the rows of an uninterrupted run', async () => {
    const whole = await mop([...words, '-o', 'whole.jsonl', '--json'], { folder: folder.path })
    expect(whole.code).toBe(0)
    const { rows: total } = JSON.parse(whole.stdout) as { rows: number }
    const process = startMop([...words, '-o', 'killed.jsonl'], { folder: folder.path })
    const output = folder.file('killed.jsonl')
    await untilLines(output, 5, process)
    process.kill('SIGKILL')
    await process.ended
    const kept = wholeLines(output)
    expect(kept.length).toBeGreaterThanOrEqual(5)
    expect(kept.length).toBeLessThan(total)
    const resumed = await mop([...words, '-o', 'killed.jsonl', '--json'], { folder: folder.path })
    expect(JSON.parse(resumed.stdout)).toMatchObject({ rows: total, newRows: total - kept.length })
    expect(wholeLines(output).slice(0, kept.length)).toEqual(kept)
    const answers = (path: string): ReadonlyMap<string, string> =>
      new Map(
        wholeLines(folder.file(path))
          .map((line) => JSON.parse(line) as Row)
          .map(({ id, output: text }) => [id, text]),
      )
    expect(wholeLines(output)).toHaveLength(total)
    expect(answers('killed.jsonl')).toEqual(answers('whole.jsonl'))
  })

  it('refuses to go on with other settings', async () => {
    const { code, stderr } = await mop([...words, '-o', 'whole.jsonl', '--seed', '4'], {
      folder: folder.path,
    })
    expect(stderr).toContain('seed was 3, now it is 4')
    expect(code).toBe(1)
  })

  it('answers what it is asked', async () => {
    const asked = [
      'simulate',
      'mixture.json',
      '--input',
      'Was it good?',
      '--input',
      'And the soup?',
      '-n',
      '2',
    ]
    const { code } = await mop([...asked, '--pairs', '2', '-o', 'asked.jsonl'], { folder: folder.path })
    expect(code).toBe(0)
    const rows = wholeLines(folder.file('asked.jsonl')).map(
      (line) => JSON.parse(line) as { input: string; personas: string[] },
    )
    expect(rows.map(({ input }) => input).toSorted()).toEqual([
      'And the soup?',
      'And the soup?',
      'Was it good?',
      'Was it good?',
    ])
    expect(rows.every(({ personas }) => personas.length === 2)).toBe(true)
  })
})

describe('simulate --given', () => {
  const words = ['simulate', 'mixture.json', '--input', 'Was it good?', '-n', '4', '-o', 'old.jsonl']

  it('lets members of a group answer, and says which', async () => {
    const { code, stderr } = await mop([...words, '--given', 'age=old'], { folder: folder.path })
    expect(stderr).toContain('1 input × 4 draws of members with age=old')
    expect(code).toBe(0)
    const rows = wholeLines(folder.file('old.jsonl')).map((line) => JSON.parse(line) as { given: unknown })
    expect(rows.map(({ given }) => given)).toEqual(Array(4).fill({ age: 'old' }))
  })

  it('goes on with the same group alone, from the configuration too', async () => {
    const other = await mop([...words, '--given', 'age=young'], { folder: folder.path })
    expect(other.stderr.replaceAll(/\s+/g, ' ')).toContain('group was "age=old", now it is "age=young"')
    const nobody = await mop(words, { folder: folder.path })
    expect(nobody.stderr.replaceAll(/\s+/g, ' ')).toContain('group was "age=old"')
    writeFileSync(folder.file('old.config.json'), '{"simulate": {"given": {"age": "old"}}}')
    const same = await mop([...words, '--config', 'old.config.json', '--json'], { folder: folder.path })
    expect(JSON.parse(same.stdout)).toMatchObject({ rows: 4, newRows: 0 })
  })

  it('refuses what the mixture does not know, by the flag', async () => {
    const { code, stderr } = await mop([...words, '-o', 'tall.jsonl', '--given', 'height=tall'], {
      folder: folder.path,
    })
    expect(stderr.replaceAll(/\s+/g, ' ')).toContain('--given height must be one of the attributes age')
    expect(code).toBe(2)
    expect(existsSync(folder.file('tall.jsonl.run.json'))).toBe(false)
  })
})

describe('a mixture', () => {
  it('is shown, with its figures', async () => {
    const { code, stdout } = await mop(['inspect', 'mixture.json'], { folder: folder.path })
    expect(stdout).toContain('mixture.json: 3 personas, 4 exemplars')
    expect(stdout).toMatch(/^mixture +−\d/m)
    expect(code).toBe(0)
  })

  it('gives weights that sum to one', async () => {
    const words = [
      'inspect',
      'mixture.json',
      '--input',
      'What do you say of a film?',
      '--top',
      '12',
      '--json',
    ]
    const { stdout } = await mop(words, { folder: folder.path })
    const { personas, components } = JSON.parse(stdout) as Record<string, { weight: number }[]>
    const sum = (weights: readonly { weight: number }[] = []): number =>
      weights.reduce((total, { weight }) => total + weight, 0)
    expect(sum(personas)).toBeCloseTo(1, 9)
    expect(components).toHaveLength(12)
    expect(sum(components)).toBeCloseTo(1, 9)
  })

  it('lists its personas, and answers closed questions', async () => {
    const { stdout } = await mop(['personas', 'mixture.json', '--json'], { folder: folder.path })
    expect(JSON.parse(stdout)).toHaveLength(3)
    const asked = ['answer', 'mixture.json', '--question', 'Was it good?', '--choices', 'No,Yes', '--json']
    const answer = JSON.parse((await mop(asked, { folder: folder.path })).stdout) as {
      probabilities: number[]
      components: string
    }
    expect(answer.components).toBe('all')
    expect(answer.probabilities.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9)
  })

  it('is refused where it is torn', async () => {
    writeFileSync(folder.file('torn.json'), readFileSync(folder.file('mixture.json'), 'utf8').slice(0, 5000))
    const { code, stderr } = await mop(['inspect', 'torn.json'], { folder: folder.path })
    expect(stderr).toContain('torn.json: the file ends in the middle')
    expect(code).toBe(1)
  })

  it('survives a reader that goes away', async () => {
    const process = startMop(['inspect', 'mixture.json', '--json'], { folder: folder.path })
    process.closeStdout()
    const { code, stderr } = await process.ended
    expect(stderr).toBe('')
    expect(code).toBe(0)
  })
})

it('personas are written from the records, as the fit takes them', async () => {
  const words = ['personas', 'synthesise', 'records.jsonl', '--count', '3', '-o', 'personas.json']
  const { code } = await mop(words, { folder: folder.path })
  expect(code).toBe(0)
  const written = JSON.parse(readFileSync(folder.file('personas.json'), 'utf8')) as { text: string }[]
  const { personas } = JSON.parse(readFileSync(folder.file('mixture.json'), 'utf8')) as {
    personas: { text: string }[]
  }
  expect(written.map(({ text }) => text)).toEqual(personas.map(({ text }) => text))
  const fit = await mop(
    [
      'fit',
      'records.jsonl',
      '--personas',
      'personas.json',
      '--exemplars',
      '2',
      '--rounds',
      '1',
      '--pairs',
      '2',
      '-o',
      'given.json',
      '--json',
    ],
    { folder: folder.path },
  )
  expect((JSON.parse(fit.stdout) as FitDocument).report.personas).toBe(3)
})
