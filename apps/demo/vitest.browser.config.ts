import { defineConfig } from 'vitest/config'
import type { ViteUserConfig } from 'vitest/config'
import { TotalsReporter } from '../../internal/repository/src/totals-reporter.ts'

/** The page in a real Chromium over the real server and model: `pnpm test:browser`. */
const config: ViteUserConfig = defineConfig({
  test: {
    include: ['browser/*.browser.test.ts'],
    reporters: ['default', new TotalsReporter()],
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 120_000,
  },
})

export default config
