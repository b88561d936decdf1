import { defineConfig } from 'tsdown'
import type { UserConfig } from 'tsdown'

const config: UserConfig = defineConfig({
  entry: { index: 'src/index.ts', middleware: 'src/mixture-of-personas-middleware.ts' },
  format: 'esm',
  platform: 'neutral',
  dts: true,
  fixedExtension: false,
})

export default config
