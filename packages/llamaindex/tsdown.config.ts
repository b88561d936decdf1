import { defineConfig } from 'tsdown'
import type { UserConfig } from 'tsdown'

const config: UserConfig = defineConfig({
  entry: { index: 'src/index.ts', workflow: 'src/workflow.ts' },
  format: 'esm',
  platform: 'neutral',
  dts: true,
  fixedExtension: false,
})

export default config
