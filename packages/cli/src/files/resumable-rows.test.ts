import { expect, it, vi } from 'vitest'
import { openResumableRows } from './resumable-rows.ts'

vi.mock('@mop/core/node', () => ({
  openAppendOnlyLines: () => ({
    tornBytes: 0,
    append: () => {
      throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
    },
    [Symbol.dispose]: () => {},
  }),
}))

it('names the file that a full disk cuts off, and how to go on', () => {
  using rows = openResumableRows('rows.jsonl')
  expect(() => rows.append({ id: 'a' })).toThrow('rows.jsonl: a row cannot be written (the disk is full).')
})
