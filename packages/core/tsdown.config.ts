import { defineConfig, type UserConfig } from 'tsdown'

const config: UserConfig = defineConfig({
  entry: {
    index: 'src/index.ts',
    node: 'src/node.ts',
    numeric: 'src/numeric.ts',
    readers: 'src/record/readers.ts',
    testing: 'src/testing/index.ts',
  },
  format: 'esm',
  platform: 'neutral',
  dts: true,
  fixedExtension: false,
})

export default config
