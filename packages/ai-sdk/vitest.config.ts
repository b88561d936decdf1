import { defineConfig } from 'vitest/config'
import type { ViteUserConfig } from 'vitest/config'

/** The local server's engine is a native addon, which needs processes rather than worker threads. */
const config: ViteUserConfig = defineConfig({
  test: {
    name: '@mop/ai-sdk',
    pool: 'forks',
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})

export default config
