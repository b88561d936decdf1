import { defineConfig } from 'vitest/config'
import type { ViteUserConfig } from 'vitest/config'

/** Native addons need processes rather than worker threads. */
const config: ViteUserConfig = defineConfig({
  test: {
    name: '@mop/local',
    include: ['src/**/*.test.ts', 'training/**/*.test.ts'],
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})

export default config
