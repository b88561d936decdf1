import { execFileSync } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { expect, test } from 'vitest'
import { kernelName } from './kernel.ts'
import { fitsSecondThread, type GramCalls, runCalls, sharedSymmetricKernel } from './second-thread.ts'
import { gramPanel } from './symmetric-kernel-code.ts'
import { symmetricKernel } from './symmetric-kernel.ts'

const available = availableParallelism() > 1 && kernelName() !== 'plain'
const depth = 40
const panels = 12
const width = panels * gramPanel
const packedAt = width * width
const length = packedAt + depth * width

/** Fresh inputs and zeros for the product. */
function fill(values: Float64Array, round: number): void {
  values.fill(0, 0, packedAt)
  for (let at = packedAt; at < length; at++) values[at] = Math.sin(at * at * 0.37 + round)
}

/** Each column panel of the product is a group, made of two calls that add to the same place. */
const groups: readonly GramCalls[] = Array.from({ length: panels }, (_, panel) => {
  const at = (step: number) => 8 * (packedAt + panel * depth * gramPanel + step * gramPanel)
  const c = 8 * panel * gramPanel * (width + 1)
  const half = depth / 2
  return Int32Array.of(
    ...[1, half, at(0), at(0), c, 8 * width],
    ...[1, half, at(half), at(half), c, 8 * width],
  )
})

test.runIf(available)('two threads give what one gives, to the bit, time and again', () => {
  for (let round = 0; round < 200; round++) {
    const shared = sharedSymmetricKernel(kernelName(), length)
    const alone = symmetricKernel(kernelName(), length)
    if (shared === undefined) throw new Error('no second thread where there should be one')
    fill(shared.values, round)
    fill(alone.values, round)
    shared.runGroups(groups)
    for (const calls of groups) runCalls(alone.gram, calls)
    expect(shared.values.subarray(0, packedAt)).toEqual(alone.values.subarray(0, packedAt))
  }
})

test('what is too large is not shared', () => {
  expect(sharedSymmetricKernel(kernelName(), 2 ** 25)).toBeUndefined()
  expect(fitsSecondThread(65, 1)).toBe(false)
  expect(fitsSecondThread(1, 2 ** 16)).toBe(false)
  expect(fitsSecondThread(16, 512)).toBe(true)
})

test('plain TypeScript has no second thread', () => {
  expect(sharedSymmetricKernel('plain', 10)).toBeUndefined()
})

test('a sleeping thread keeps no process alive', () => {
  const code = `
    import { scatterOf } from '@mop/core/numeric'
    const points = { rows: 1100, columns: 1000, data: new Float32Array(1_100_000).fill(1) }
    console.log(scatterOf(points).mean[999])`
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', code], {
    cwd: import.meta.dirname,
    encoding: 'utf8',
    timeout: 20_000,
  })
  expect(output).toBe('1\n')
})
