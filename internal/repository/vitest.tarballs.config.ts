import { defineConfig } from 'vitest/config'
import type { ViteUserConfig } from 'vitest/config'

/** The slow check of what would be published; `pnpm run test:tarballs` builds first. */
const config: ViteUserConfig = defineConfig({
  root: import.meta.dirname,
  test: { include: ['tarballs/**/*.test.ts'], hookTimeout: 300_000, testTimeout: 120_000 },
})

export default config
