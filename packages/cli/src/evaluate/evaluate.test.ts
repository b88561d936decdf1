import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import type { Mixture } from '@mop/core'
import { armNames, type EvaluationReport } from '@mop/eval'
import stringWidth from 'string-width'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mop, startMop, untilLines, wholeLines } from '../testing/mop-process.ts'
import { smallFit, smallPopulation } from '../testing/small-population.ts'
import { temporaryFolder } from '../testing/temporary-folder.ts'

/** The real engine with the shipped model: forty records to fit on, twenty held out. */
const folder = temporaryFolder()
const words = [
  'evaluate',
  'mixture.json',
  '--records',
  'test.jsonl',
  '-n',
  '10',
  '--max-tokens',
  '24',
  '--held-out',
  '3',
]

function report(name: string): EvaluationReport {
  return JSON.parse(readFileSync(folder.file(name), 'utf8')) as EvaluationReport
}

beforeAll(async () => {
  const lines = smallPopulation(60).split('\n')
  writeFileSync(folder.file('train.jsonl'), `${lines.slice(0, 40).join('\n')}\n`)
  writeFileSync(folder.file('test.jsonl'), lines.slice(40).join('\n'))
  for (const flags of [
    [],
    ['--encoder', 'hashed', '-o', 'hashed.json'],
    ['--private', '-o', 'private.json'],
  ]) {
    const { code, stderr } = await mop(['fit', 'train.jsonl', ...smallFit, ...flags], { folder: folder.path })
    if (code !== 0) throw new Error(stderr)
  }
  const { exemplars } = JSON.parse(readFileSync(folder.file('mixture.json'), 'utf8')) as Mixture
  const seen = lines.filter((line) => exemplars.some(({ id }) => line.includes(`"id":"${id}"`)))
  writeFileSync(folder.file('seen.jsonl'), seen.join('\n'))
  const long = lines[51]?.replace('"output":"', `"output":"${'word '.repeat(3000)}`)
  writeFileSync(folder.file('long.jsonl'), `${lines[50]}\n${long}\n`)
  writeFileSync(folder.file('plain.jsonl'), `${lines[50]?.replace(/,"attributes":\{[^}]*\}/, '')}\n`)
  const weightless = lines[50]?.replace('{', '{"weight":0,')
  writeFileSync(folder.file('weightless.jsonl'), `${weightless}\n`)
})

afterAll(() => folder[Symbol.dispose]())

describe('evaluate', () => {
  it('shows the arms side by side on sixty columns, and writes report and answers', async () => {
    const { code, stdout, stderr } = await mop(
      [...words, '--arms', 'bare,mixture', '--training', 'train.jsonl', '--groups', 'age'],
      { folder: folder.path, environment: { COLUMNS: '60' } },
    )
    expect(code, stderr).toBe(0)
    expect(stdout).toMatch(/^FID +lower +95%$/m)
    expect(stdout).toMatch(/^mixture +\d+\.\d+ +\d+\.\d+ – \d/m)
    expect(stdout).toMatch(/^real against real +−?\d/m)
    expect(stdout).toMatch(/^mixture +young +−?\d/m)
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('by id, respondent or text')
    expect(Math.max(...stdout.split('\n').map((line) => stringWidth(line)))).toBeLessThanOrEqual(60)
    const { arms, split, environment, portrait } = report('report.json')
    expect(environment).toMatchObject({ '@mop/eval': expect.any(String), Node: process.versions.node })
    expect(portrait?.map?.series.map(({ arm }) => arm)).toEqual([undefined, 'mixture', 'bare'])
    expect(portrait?.weights.personas.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 9)
    expect(arms.map(({ name, responses }) => [name, responses])).toEqual([
      ['bare', 10],
      ['mixture', 10],
    ])
    expect(split.against).toMatchObject({ exemplars: 4, training: 40 })
    const lines = wholeLines(folder.file('report.json.answers.jsonl'))
    expect(lines.filter((line) => line.includes('"kind":"answer"'))).toHaveLength(20)
    // The same real answers under both arms.
    const scores = lines.filter((line) => line.includes('"kind":"score"'))
    expect(scores.length).toBeGreaterThan(0)
    expect(scores.filter((line) => line.includes('"arm":"bare"'))).toHaveLength(scores.length / 2)
    expect(stdout).toMatch(/^log-likelihood +higher +95%$/m)
    expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(
      /A real answer is \S+ nats more likely under mixture than under bare/,
    )
    expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(/MAUVE over 5 clustering seeds: bare \d/)
    const page = readFileSync(folder.file('report.html'), 'utf8')
    expect(page).toContain('<dt>mixture</dt>')
    expect(page).toContain('<caption>young: ')
  })

  it('reads the CSV of a survey that names its columns otherwise, and says what it leaves out', async () => {
    const rows = readFileSync(folder.file('test.jsonl'), 'utf8').trim().split('\n')
    const cells = rows.map((row) => {
      const { id, input, output } = JSON.parse(row) as Record<string, string>
      return `${id};${input};${output}`
    })
    writeFileSync(folder.file('survey.csv'), `id;question;answer\n${cells.join('\n')}\nr99;What?;\n`)
    const survey = [...words, '--records', 'survey.csv', '--arms', 'bare', '-n', '5', '-o', 'survey.json']
    const without = await mop(survey, { folder: folder.path })
    expect(without.code).toBe(1)
    const reading = ['--map', 'input=question,output=answer', '--delimiter', ';', '--resamples', '0']
    const { code, stderr } = await mop([...survey, ...reading], { folder: folder.path })
    expect(code, stderr).toBe(0)
    expect(report('survey.json').records.used).toBe(20)
    expect(stderr).toContain('Left out: 1 row without an answer.')
  })

  it('takes defaults from the configuration, and judges in another space without asking again', async () => {
    const config = {
      evaluate: { arms: ['bare', 'mixture'], output: 'judged.json', resamples: 0, samples: false },
    }
    writeFileSync(folder.file('judged.config.json'), JSON.stringify(config))
    const given = [...words, '--config', 'judged.config.json']
    const own = await mop(given, { folder: folder.path })
    expect(own.code, own.stderr).toBe(0)
    const first = report('judged.json')
    const other = await mop([...given, '--judge', 'hashed'], { folder: folder.path })
    expect(other.stderr).toMatch(/20 answers and \d+ scores of real answers already in judged/)
    const second = report('judged.json')
    expect(first.judge).toBe(first.encoder)
    expect(readFileSync(folder.file('judged.html'), 'utf8')).not.toContain('<dt>mixture</dt>')
    expect(second.judge).toMatch(/^hashed/)
    expect(second.arms.map(({ name }) => name)).toEqual(['bare', 'mixture'])
    const fid = ({ arms }: EvaluationReport): unknown =>
      arms[0]?.texts?.figures.find(({ metric }) => metric === 'FID')?.value
    expect(fid(second)).not.toBe(fid(first))
    writeFileSync(folder.file('wrong.config.json'), JSON.stringify({ evaluate: { arms: [] } }))
    const wrong = await mop([...words, '--config', 'wrong.config.json'], { folder: folder.path })
    expect(wrong.code).toBe(2)
    expect(wrong.stderr).toContain('evaluate.arms')
  })

  it('goes on after SIGKILL and with more arms, to the report of an uninterrupted run', async () => {
    const arms = ['--arms', 'few-shot-1,zero-gen', '--resamples', '20']
    const whole = await mop([...words, ...arms, '-o', 'whole.json', '--json'], { folder: folder.path })
    expect(whole.code, whole.stderr).toBe(0)
    expect(JSON.parse(whole.stdout)).toEqual(report('whole.json'))
    const first = ['--arms', 'zero-gen', '--resamples', '20', '-o', 'killed.json']
    const answers = folder.file('killed.json.answers.jsonl')
    const process = startMop([...words, ...first], { folder: folder.path })
    await untilLines(answers, 4, process)
    process.kill('SIGKILL')
    await process.ended
    const kept = wholeLines(answers)
    expect(existsSync(folder.file('killed.json'))).toBe(false)
    const resumed = await mop([...words, ...arms, '-o', 'killed.json'], { folder: folder.path })
    const scores = kept.filter((line) => line.includes('"kind":"score"')).length
    expect(resumed.stderr).toContain(`${kept.length - scores} answers`)
    expect(resumed.stderr).toContain('already in killed.json.answers.jsonl')
    expect(wholeLines(answers).slice(0, kept.length)).toEqual(kept)
    expect(report('killed.json')).toEqual(report('whole.json'))
    expect(readFileSync(folder.file('killed.html'), 'utf8')).toBe(
      readFileSync(folder.file('whole.html'), 'utf8'),
    )
  })

  it.each([
    [['--seed', '2'], 'seed was 1, now it is 2', 1],
    [['--arms', 'bear'], '--arms must be of bare,', 2],
    [['--arms', 'mixture-3=mixture.json'], "no arm's already", 2],
    [['--arms', 'refit='], 'Write name=mixture.json', 2],
    [['--arms', 'refit=nowhere.json'], 'nowhere.json', 1],
    [['--groups', 'height', '-o', 'new.json'], 'Give --groups with one of age', 2],
    [
      ['--records', 'plain.jsonl', '--groups', 'age', '-o', 'new.json'],
      'None of the --records has an attribute "age"',
      2,
    ],
    [
      ['--arms', 'own=private.json', '-o', 'new.json'],
      'private.json: it was saved without exemplar texts. Give the records it was fitted on with --training',
      1,
    ],
    [['--classes', 'height', '-o', 'new.json'], '--classes must be of input', 2],
    [['-o', 'new.jsonl'], 'is to be JSON, not JSONL', 2],
    [['-o', 'new.html'], 'not HTML: the page is written beside it', 2],
    [['--arms', 'bare,mixture,bare', '-o', 'new.json'], '--arms has two arms of the name bare', 2],
    [['--arms', 'other=hashed.json', '-o', 'new.json'], '--arms other: its mixture was fitted with', 2],
    [
      ['--records', 'seen.jsonl', '--drop-seen', '-o', 'new.json'],
      'seen.jsonl: the mixture has seen all 4',
      1,
    ],
    [['--records', 'long.jsonl', '-o', 'long.json', '--arms', 'bare'], 'long.jsonl, line 2, record "r51"', 1],
    [['--records', 'weightless.jsonl', '-o', 'new.json'], 'has a weight above 0', 1],
    [['--records', 'train.jsonl', '-o', 'new.json'], '--records hold what the mixture was made from', 1],
    [['--records', 'train.jsonl', '--resamples', '0', '-o', 'new.json'], '--drop-seen', 1],
  ])('refuses %j by the flag', async (flags, message, code) => {
    const ended = await mop([...words, '-o', 'whole.json', ...flags], { folder: folder.path })
    expect(ended.stderr.replaceAll(/\s+/g, ' ')).toContain(message)
    expect(ended.code).toBe(code)
    expect(existsSync(folder.file('new.json.answers.jsonl.run.json'))).toBe(false)
  })

  it('compares a mixture that was fitted again, which may be added but not changed', async () => {
    const fitted = await mop(['fit', 'train.jsonl', ...smallFit, '--exemplars', '0', '-o', 'without.json'], {
      folder: folder.path,
    })
    expect(fitted.code, fitted.stderr).toBe(0)
    const evaluated = (...arms: readonly string[]) =>
      mop(
        [
          ...words,
          '-n',
          '5',
          '--resamples',
          '0',
          '--held-out',
          '0',
          '-o',
          'refit.json',
          '--arms',
          arms.join(),
        ],
        {
          folder: folder.path,
        },
      )
    const first = await evaluated('mixture', 'pro-gen', 'picle')
    expect(first.code, first.stderr).toBe(0)
    const answers = folder.file('refit.json.answers.jsonl')
    const kept = wholeLines(answers)
    const refit = 'refit:exemplars=without.json'
    const added = await evaluated('mixture', refit, 'pro-gen', 'picle')
    expect(added.code, added.stderr).toBe(0)
    expect(added.stderr).toContain(`${kept.length} answers already in refit.json.answers.jsonl`)
    expect(wholeLines(answers).slice(0, kept.length)).toEqual(kept)
    expect(wholeLines(answers)).toHaveLength(kept.length + 5)
    expect(added.stdout.replaceAll(/\s+/g, ' ')).toMatch(
      /Nor, of the mixture of refit, among 0 exemplars, .*\./,
    )
    const { arms, split, notes } = report('refit.json')
    expect(arms.map(({ name, ablates, calls }) => [name, ablates, calls.answers, calls.steps > 0])).toEqual([
      ['mixture', undefined, 5, false],
      ['refit', 'exemplars', 5, false],
      ['pro-gen', undefined, 5, false],
      ['picle', undefined, 5, true],
    ])
    expect(split.mixtures).toMatchObject([{ arm: 'refit', exemplars: 0 }])
    expect(notes.filter((note) => /^(pro-gen|picle): /.test(note))).toHaveLength(2)
    expect(readFileSync(folder.file('refit.html'), 'utf8')).toContain('exemplars of refit')
    copyFileSync(folder.file('mixture.json'), folder.file('without.json'))
    const changed = await evaluated(refit)
    expect(changed.code).toBe(1)
    expect(changed.stderr.replaceAll(/\s+/g, ' ')).toContain('mixture of refit was')
  })

  it('leaves what people wrote out of the page on request, without asking again', async () => {
    const arms = ['--arms', 'few-shot-1,zero-gen', '--resamples', '20', '-o', 'whole.json']
    const said = 'Answers side by side'
    expect(readFileSync(folder.file('whole.html'), 'utf8')).toContain(said)
    const before = report('whole.json')
    const ended = await mop([...words, ...arms, '--no-samples'], { folder: folder.path })
    expect(ended.stderr).toContain('of real answers already in whole.json.answers.jsonl')
    expect(readFileSync(folder.file('whole.html'), 'utf8')).not.toContain(said)
    expect(report('whole.json')).toEqual(before)
  })

  it('names every arm in its help', async () => {
    const { stdout } = await mop(['evaluate', '--help'], { folder: folder.path })
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(`of ${armNames.join(', ')} (default:`)
  })

  it('leaves seen records out on request, and says how many', async () => {
    const flags = [
      '--records',
      'train.jsonl',
      '--drop-seen',
      '--arms',
      'bare',
      '--resamples',
      '0',
      '-o',
      'dropped.json',
    ]
    const { code, stderr } = await mop([...words, ...flags], { folder: folder.path })
    expect(code, stderr).toBe(0)
    const { split, records } = report('dropped.json')
    expect(split.dropped).toBeGreaterThanOrEqual(4)
    expect(records.used + split.dropped).toBe(40)
  })
})
