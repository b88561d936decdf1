import type { MopConfig } from './config-schema.ts'

/** Gives a `mop.config.ts` its type. Returns what it is given. */
export function defineConfig(config: MopConfig): MopConfig {
  return config
}
