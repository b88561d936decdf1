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

  it.each(['CERT_HAS_EXPIRED', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'ERR_TLS_CERT_ALTNAME_INVALID'])(
    'a certificate with %s is one of the service',
    (code) => {
      const cause = Object.assign(new Error('certificate'), { code })
      const { status, problem } = problemOf(new TypeError('fetch failed', { cause }), [])
      expect(status).toBe(502)
      expect(problem.message).toContain(`(${code})`)
    },
  )

  it('an address that fetch never asks is one of the service', async () => {
    const { status, problem } = problemOf(await failure(fetch('http://127.0.0.1:9/')), [])
    expect(status).toBe(502)
    expect(problem.message).toBe("The language model's service cannot be reached (bad port).")
  })

  it('a client that has no connection is one of the service', () => {
    const error = Object.assign(new Error('Cannot connect to API: bad port'), { name: 'AI_APICallError' })
    expect(problemOf(error, [])).toMatchObject({ status: 502 })
    expect(problemOf(error, []).problem.message).toContain('(bad port)')
  })

  it('a service that gives no answer is one of the service', () => {
    const { status, problem } = problemOf(new Error('The model gave no answer.'), [])
    expect(status).toBe(502)
    expect(problem.remedy).toContain('OPENAI_BASE_URL')
  })

  it('a mistake of ours with a code of Node is none of the service', () => {
    const error = Object.assign(new Error('x'), { code: 'ERR_INVALID_STATE' })
    expect(problemOf(error, [])).toMatchObject({ status: 500, internal: true })
  })

  it('anything else tells nothing of the inside', () => {
    const { status, problem } = problemOf(new Error('secret path'), [])
    expect(status).toBe(500)
    expect(JSON.stringify(problem)).not.toContain('secret')
  })
})
