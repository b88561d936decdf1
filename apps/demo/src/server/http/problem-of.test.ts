import { mkdir, readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { problemOf } from './problem-of.ts'

async function failure(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error: unknown) => error,
  )
}

describe('the problem of', () => {
  it('a file that is gone is one of the folder, without its path, and goes to the log', async () => {
    const found = problemOf(await failure(readFile('/nowhere/private.json')), [])
    expect(found).toMatchObject({ status: 500, internal: true })
    expect(found.problem.message).toBe(
      'The folder of the populations cannot be used (a file or folder is gone).',
    )
    expect(found.problem.remedy).toContain('MOP_DEMO_FOLDER')
    expect(JSON.stringify(found.problem)).not.toContain('private')
  })

  it('a file in the place of a folder is one of the folder', async () => {
    const found = problemOf(await failure(mkdir(new URL('./redact.ts/below', import.meta.url))), [])
    expect(found).toMatchObject({ status: 500, internal: true })
    expect(found.problem.message).toContain('(a file lies where a folder should be)')
  })

  it.each(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'])(
    'a connection that fails with %s is one of the service',
    (code) => {
      const cause = Object.assign(new Error('connect'), { code, syscall: 'connect' })
      const { status, problem, internal } = problemOf(new TypeError('fetch failed', { cause }), [])
      expect({ status, internal }).toEqual({ status: 502, internal: false })
      expect(problem.message).toBe(`The language model's service cannot be reached (${code}).`)
    },
  )

  it('anything else tells nothing of the inside', () => {
    const { status, problem } = problemOf(new Error('secret path'), [])
    expect(status).toBe(500)
    expect(JSON.stringify(problem)).not.toContain('secret')
  })
})
