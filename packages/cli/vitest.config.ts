import { defineConfig } from 'vitest/config'
import type { ViteUserConfig } from 'vitest/config'

/** The end-to-end tests run the built command in processes of its own. */
const config: ViteUserConfig = defineConfig({
  test: {
    name: '@mop/cli',
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})

export default config
