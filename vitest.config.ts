import { defineConfig } from 'vitest/config'
import type { ViteUserConfig } from 'vitest/config'
import { TotalsReporter } from './internal/repository/src/totals-reporter.ts'

/** One run over every package: one summary, one exit code. `pnpm test` builds first. */
const config: ViteUserConfig = defineConfig({
  test: {
    projects: ['packages/*', 'apps/*', 'benchmark*', 'internal/repository'],
    reporters: ['default', new TotalsReporter()],
  },
})

export default config
