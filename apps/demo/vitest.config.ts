import { defineConfig } from 'vitest/config'
import type { ViteUserConfig } from 'vitest/config'

/** Everything but the browser tests, which need a Chromium. */
const config: ViteUserConfig = defineConfig({
  test: {
    name: '@mop-app/demo',
    pool: 'forks',
    include: ['src/**/*.test.{ts,tsx}'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})

export default config
