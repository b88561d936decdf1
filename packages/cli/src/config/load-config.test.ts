import { writeFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { temporaryFolder } from '../testing/temporary-folder.ts'
import { loadConfig } from './load-config.ts'

it('is empty where there is none', async () => {
  using folder = temporaryFolder()
  expect(await loadConfig(folder.path)).toEqual({ config: {}, file: undefined })
})

it('reads JSON', async () => {
  using folder = temporaryFolder()
  writeFileSync(folder.file('mop.config.json'), '{"seed": "spring", "fit": {"rounds": 2, "strata": ["age"]}}')
  expect(await loadConfig(folder.path)).toEqual({
    config: { seed: 'spring', fit: { rounds: 2, strata: ['age'] } },
    file: 'mop.config.json',
  })
})

it('reads TypeScript', async () => {
  using folder = temporaryFolder()
  writeFileSync(
    folder.file('mop.config.mts'),
    'const rounds: number = 5\nexport default { fit: { rounds } }\n',
  )
  expect((await loadConfig(folder.path)).config).toEqual({ fit: { rounds: 5 } })
})

it('needs no package beside it: a plain object will do, and an import of types alone is taken out', async () => {
  using folder = temporaryFolder()
  writeFileSync(folder.file('mop.config.ts'), 'export default { seed: 3 }\n')
  expect((await loadConfig(folder.path)).config).toEqual({ seed: 3 })
  using typed = temporaryFolder()
  writeFileSync(
    typed.file('mop.config.ts'),
    "import type { MopConfig } from '@mop/cli'\nexport default { seed: 4 } satisfies MopConfig\n",
  )
  expect((await loadConfig(typed.path)).config).toEqual({ seed: 4 })
})

it('reads the file that is named', async () => {
  using folder = temporaryFolder()
  writeFileSync(folder.file('other.json'), '{"model": "local:x.gguf"}')
  expect((await loadConfig(folder.path, 'other.json')).config).toEqual({ model: 'local:x.gguf' })
})

it.each([
  ['{"fit": {"rounds": 0}}', 'mop.config.json, field "fit.rounds": Expected >=1 but received 0'],
  ['{"fit": {"rouns": 3}}', 'mop.config.json, field "fit.rouns": there is no such option'],
  ['{"simulate": {"method": "dice"}}', 'field "simulate.method": Expected ("systematic" | "independent")'],
  ['{"serve": {"port": 99999}}', 'field "serve.port"'],
  ['{"fit": {"temperatures": [1, 0.5]}}', 'field "fit.temperatures": Expected them ascending'],
  ['[1]', 'mop.config.json'],
  ['{"fit": ', 'mop.config.json: it cannot be read'],
])('refuses %s, naming file and field', async (content, message) => {
  using folder = temporaryFolder()
  writeFileSync(folder.file('mop.config.json'), content)
  await expect(loadConfig(folder.path)).rejects.toThrow(message)
})

it('refuses two files, a missing one, and one without a default export', async () => {
  using folder = temporaryFolder()
  writeFileSync(folder.file('mop.config.json'), '{}')
  writeFileSync(folder.file('mop.config.mts'), 'export const config = {}')
  await expect(loadConfig(folder.path)).rejects.toThrow('mop.config.json stands beside it')
  await expect(loadConfig(folder.path, 'gone.json')).rejects.toThrow('gone.json: there is no such file')
  await expect(loadConfig(folder.path, 'mop.config.mts')).rejects.toThrow('no default export')
})
