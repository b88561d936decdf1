import { copyFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createLocalScorer } from '../scorer/local-scorer.ts'
import { randomModelFile, temporaryFolder } from '../testing/random-model-file.ts'
import { loadLocalModel } from './local-model.ts'

const path = randomModelFile()
const folder = temporaryFolder()

describe('a model file', () => {
  test('that is missing, empty, a folder or no GGUF is refused by name', async () => {
    const text = join(folder, 'text.gguf')
    const empty = join(folder, 'empty.gguf')
    writeFileSync(text, 'this is not a model')
    writeFileSync(empty, '')
    for (const [model, problem] of [
      [join(folder, 'nowhere.gguf'), 'cannot be opened'],
      [folder, 'not a file'],
      [text, 'not a GGUF file'],
      [empty, 'is empty'],
    ] as const) {
      const promise = loadLocalModel({ model })
      await expect(promise).rejects.toMatchObject({ name: 'ModelFileError', path: model })
      await expect(promise).rejects.toThrow(problem)
    }
  })

  test.each([0, -1, 1.5, 2 ** 32, Number.NaN])('with a context of %d is refused', async (contextSize) => {
    await expect(loadLocalModel({ model: path, contextSize })).rejects.toMatchObject({
      name: 'InvalidArgumentError',
      argument: 'contextSize',
    })
  })

  test.each([0.02, 0.5, 0.99])('cut to %d of its length is refused', async (share) => {
    const model = join(folder, `cut-${share}.gguf`)
    copyFileSync(path, model)
    truncateSync(model, Math.floor(readFileSync(path).length * share))
    await expect(loadLocalModel({ model })).rejects.toMatchObject({ name: 'ModelFileError', path: model })
  })

  test('is named by file name, content and settings', async () => {
    const changed = join(folder, 'random.gguf')
    const bytes = readFileSync(path)
    bytes.writeFloatLE(0.25, bytes.length - 64)
    writeFileSync(changed, bytes)
    await using model = await loadLocalModel({ model: path })
    await using other = await loadLocalModel({ model: changed })
    await using fast = await loadLocalModel({ model: path, reproducible: false })
    expect(model.id).toMatch(/^local:random\.gguf@[0-9a-f]{12}:reproducible$/)
    expect(new Set([model.id, other.id, fast.id]).size).toBe(3)
  })
})

describe('a loaded model', () => {
  test('runs one task at a time, in order, and waits for it when disposed', async () => {
    const model = await loadLocalModel({ model: path })
    const log: string[] = []
    const task = (name: string) =>
      model.exclusive(async () => {
        log.push(`${name} starts`)
        await new Promise((resolve) => setTimeout(resolve, 5))
        log.push(`${name} ends`)
      })
    const tasks = [task('a'), task('b')]
    await Promise.all([...tasks, model.dispose(), model.dispose()])
    expect(log).toEqual(['a starts', 'a ends', 'b starts', 'b ends'])
  })

  test('used after disposal throws', async () => {
    const model = await loadLocalModel({ model: path })
    const scorer = createLocalScorer(model)
    await model.dispose()
    await expect(scorer.score([{ messages: [], continuation: 'x' }])).rejects.toThrow(/disposed/i)
  })

  test('an aborted task leaves the queue and those behind it run', async () => {
    await using model = await loadLocalModel({ model: path })
    const controller = new AbortController()
    let ran = false
    const first = model.exclusive(async () => controller.abort())
    const aborted = model.exclusive(async () => void (ran = true), controller.signal)
    const last = model.exclusive(async () => 'ran')
    await first
    await expect(aborted).rejects.toThrow(/abort/i)
    expect(await last).toBe('ran')
    expect(ran).toBe(false)
  })
})
