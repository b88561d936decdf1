import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { assertWritable } from './assert-writable.ts'

const folder = mkdtempSync(join(tmpdir(), 'mop-writable-'))
afterAll(() => rmSync(folder, { recursive: true }))
writeFileSync(join(folder, 'old.json'), '{}')

test.each(['new.json', 'old.json', 'a/b/new.json'])('%s can be written', async (name) => {
  await expect(assertWritable(join(folder, name))).resolves.toBeUndefined()
})

test('a folder, a device and a place below a file are refused', async () => {
  await expect(assertWritable(folder)).rejects.toThrow(/no ordinary file/)
  await expect(assertWritable('/dev/null')).rejects.toThrow(/no ordinary file/)
  await expect(assertWritable(join(folder, 'old.json', 'x.json'))).rejects.toThrow(
    /old\.json is a file, not a folder/,
  )
})
