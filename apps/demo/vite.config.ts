import react from '@vitejs/plugin-react'
import { defineConfig, type UserConfig } from 'vite'

/** The page, from `src/page` into `dist`, which the server serves under its content security policy. */
const config: UserConfig = defineConfig({
  root: 'src/page',
  plugins: [react()],
  build: {
    outDir: '../../dist',
    emptyOutDir: true,
    // The policy allows no inline styles or scripts, so nothing may become one.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // One page for one machine: the chart library comes from the disk beside it.
    chunkSizeWarningLimit: 1000,
  },
})

export default config
