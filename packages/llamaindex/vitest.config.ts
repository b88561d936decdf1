import { defineConfig } from 'vitest/config'
import type { ViteUserConfig } from 'vitest/config'

/** Native addons, of the local server, need processes rather than worker threads. */
const config: ViteUserConfig = defineConfig({
  test: {
    name: '@mop/llamaindex',
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})

export default config
