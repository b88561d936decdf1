import { expect, it } from 'vitest'
import { fakeTerminal } from '../testing/fake-terminal.ts'
import { createProgress, progressLine } from './progress.ts'

it('shows share, count, rate and time left', () => {
  expect(progressLine({ label: 'Scoring', done: 50, total: 200 }, { done: 50, seconds: 10 }, 80)).toBe(
    'Scoring  █████░░░░░░░░░░░░░░░  25%  50/200  5.0/s  30 s left',
  )
  expect(progressLine({ label: 'Scoring', done: 0, total: 0 }, { done: 0, seconds: 0 }, 80)).toContain('100%')
})

it.each([40, 50, 60, 79])('fits into %i columns', (width) => {
  const step = { label: 'Scoring the held-out records', done: 12_345, total: 67_890 }
  const line = progressLine(step, { done: 12_345, seconds: 100 }, width)
  expect(line.length).toBeLessThanOrEqual(width)
  expect(line).toContain('Scoring the held-out records')
})

it('takes the rate from this run alone, not from what was there before', () => {
  const line = progressLine({ label: 'Simulating', done: 150, total: 200 }, { done: 50, seconds: 10 }, 80)
  expect(line).toContain('5.0/s')
  expect(line).toContain('10 s left')
})

it('writes plain lines in a pipe: now and then, and at the end of a step', () => {
  let time = 0
  const terminal = fakeTerminal()
  using progress = createProgress(terminal, { now: () => time, plainEvery: 10_000 })
  for (const done of [0, 10, 20, 30]) {
    progress.update({ label: 'Scoring', done, total: 40 })
    time += 5000
  }
  progress.update({ label: 'Learning', done: 1, total: 1 })
  progress.finish()
  expect(terminal.notes).toEqual([
    'Scoring  ██████████░░░░░░░░░░  50%  20/40  2.0/s  10 s left',
    'Scoring, 30 (20 s)',
    'Learning (0.0 s)',
  ])
  expect(terminal.lines.filter((line) => line !== undefined)).toEqual([])
})

it('redraws one line on a terminal, at most ten times a second', () => {
  let time = 0
  const terminal = fakeTerminal({ interactive: true })
  using progress = createProgress(terminal, { now: () => time })
  for (let done = 0; done < 100; done += 1) {
    progress.update({ label: 'Scoring', done, total: 100 })
    time += 10
  }
  const drawn = terminal.lines.filter((line) => line !== undefined)
  expect(drawn.length).toBe(10)
  progress.finish()
  expect(terminal.lines.at(-1)).toBeUndefined()
  expect(terminal.notes).toEqual(['Scoring, 99 (1.0 s)'])
})
