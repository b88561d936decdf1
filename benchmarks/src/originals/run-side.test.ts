import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { parseMeasured, runSide } from './run-side.ts'

const folder = mkdtempSync(join(tmpdir(), 'run-side-'))
afterAll(() => {
  rmSync(folder, { recursive: true })
})

/** A peer of one line of JavaScript, which has the folder and the output as its arguments. */
const run = (script: string) =>
  runSide({ program: process.execPath, parts: ['-e', script, '--'], environment: { GREETING: '7' } }, folder)

describe('a run of one side', () => {
  it('gives what it printed last and the vector it wrote', () => {
    const script = `
      require('fs').writeFileSync(process.argv.at(-1), new Float64Array([1, -2.5]))
      console.log('words first')
      console.log(JSON.stringify({ seconds: 0.5, processor: 0.9, peakMb: 40, value: Number(process.env.GREETING), note: 'n' }))`
    expect(run(script)).toEqual({
      seconds: 0.5,
      processor: 0.9,
      peakMb: 40,
      value: 7,
      note: 'n',
      libraries: undefined,
      vector: new Float64Array([1, -2.5]),
    })
  })

  it('has no vector of the run before', () => {
    const measured = run('console.log(JSON.stringify({ seconds: 1, processor: 1, peakMb: 1, value: 1 }))')
    expect(measured).not.toHaveProperty('vector')
    expect(measured).toMatchObject({ seconds: 1 })
  })

  it('says in the last line of its errors why it failed', () => {
    expect(run("console.error('Traceback'); console.error('no package torch'); process.exit(3)")).toBe(
      'no package torch',
    )
    expect(run('process.exit(1)')).toBe('failed without a word')
  })

  it('says which signal ended it', () => {
    expect(run("process.kill(process.pid, 'SIGKILL')")).toBe('ended by SIGKILL')
  })

  it.each([
    ['Rscript', 'r-cran-mixsqp'],
    ['python', '--python'],
  ])('says what to do where there is no %s', (program, remedy) => {
    const command = { program: join(folder, program), parts: [], environment: {} }
    const message = runSide(command, folder)
    expect(message).toContain(`${program} is not there`)
    expect(message).toContain(remedy)
  })
})

describe('what a side printed', () => {
  it.each([
    ['', 'printed no JSON'],
    ['done', 'printed no JSON: done'],
    ['null', 'printed no number for seconds'],
    ['{"seconds": 1, "processor": 1, "peakMb": 2}', 'printed no number for value'],
    ['{"seconds": "1", "peakMb": 2, "value": 3}', 'printed no number for seconds'],
  ])('%j is refused', (output, reason) => {
    expect(parseMeasured(output)).toContain(reason)
  })
})
