import { defineConfig } from 'vitest/config'
import type { ViteUserConfig } from 'vitest/config'

/**
 * The local server's engine is a native addon, which needs processes rather than worker threads. This package is inlined where it is installed,
 * so that the tests for AI SDK 6 can give it that version.
 */
const config: ViteUserConfig = defineConfig({
  test: {
    name: '@mop/ai-sdk',
    pool: 'forks',
    server: { deps: { inline: ['@mop/ai-sdk'] } },
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})

export default config
