export type {
  EvaluateConfig,
  FieldMap,
  FitConfig,
  MopConfig,
  ServeConfig,
  SimulateConfig,
} from './config/config-schema.ts'
export { defineConfig } from './config/define-config.ts'
