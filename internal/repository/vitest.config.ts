import { defineConfig } from 'vitest/config'
import type { ViteUserConfig } from 'vitest/config'

const config: ViteUserConfig = defineConfig({ test: { include: ['src/**/*.test.ts'] } })

export default config
