import { defineConfig } from 'vitest/config'
import type { ViteUserConfig } from 'vitest/config'

const config: ViteUserConfig = defineConfig({
  test: {
    name: '@mop/ai-sdk',
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})

export default config
