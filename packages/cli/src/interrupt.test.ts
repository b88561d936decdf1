import { EventEmitter } from 'node:events'
import { expect, it } from 'vitest'
import { listenForInterrupt } from './interrupt.ts'

it('aborts at the first Ctrl-C and ends the process at the second', () => {
  const ended: number[] = []
  const host = Object.assign(new EventEmitter(), { exit: (code: number) => ended.push(code) })
  let told = 0
  {
    using interrupt = listenForInterrupt({
      process: host as unknown as NodeJS.Process,
      exitCode: 130,
      onFirst: () => (told += 1),
    })
    host.emit('SIGINT')
    expect(interrupt.signal.aborted).toBe(true)
    expect(ended).toEqual([])
    host.emit('SIGINT')
  }
  expect(ended).toEqual([130])
  expect(told).toBe(1)
  expect(host.listenerCount('SIGINT')).toBe(0)
})
