import { defineConfig } from 'vitest/config'
import type { ViteUserConfig } from 'vitest/config'

/** The page in a real Chromium over the real server and model: `pnpm test:browser`. */
const config: ViteUserConfig = defineConfig({
  test: {
    include: ['browser/*.browser.test.ts'],
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 120_000,
  },
})

export default config
