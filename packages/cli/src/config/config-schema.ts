import * as v from 'valibot'

const mappedFields = ['id', 'input', 'output', 'choices', 'respondent', 'weight'] as const

const text = v.pipe(v.string(), v.minLength(1))
const count = v.pipe(v.number(), v.integer(), v.minValue(1))
const countOrNone = v.pipe(v.number(), v.integer(), v.minValue(0))
const share = v.pipe(v.number(), v.gtValue(0), v.ltValue(1))
const seed = v.union([v.pipe(v.number(), v.integer()), text])
const positive = v.pipe(v.number(), v.gtValue(0))

const temperatures = v.pipe(
  v.array(positive),
  v.minLength(1),
  v.check(
    (values) => values.every((value, index) => value > (values[index - 1] ?? 0)),
    'Invalid temperatures: Expected them ascending',
  ),
)

const formats = ['jsonl', 'json', 'csv', 'parquet'] as const
export type Format = (typeof formats)[number]

const recordFields = {
  format: v.optional(v.picklist(formats)),
  map: v.optional(v.strictObject(Object.fromEntries(mappedFields.map((field) => [field, v.optional(text)])))),
  delimiter: v.optional(v.pipe(v.string(), v.length(1))),
}

const fitSchema = v.strictObject({
  output: v.optional(text),
  ...recordFields,
  personas: v.optional(v.union([countOrNone, text])),
  exemplars: v.optional(countOrNone),
  strata: v.optional(v.array(text)),
  rounds: v.optional(count),
  pairs: v.optional(count),
  heldOutPairs: v.optional(count),
  budget: v.optional(count),
  heldOut: v.optional(share),
  validation: v.optional(share),
  temperatures: v.optional(temperatures),
  rank: v.optional(count),
  limit: v.optional(count),
  describe: v.optional(v.picklist(['statistics', 'model'])),
  private: v.optional(v.boolean()),
  table: v.optional(text),
})

const simulateSchema = v.strictObject({
  output: v.optional(text),
  inputs: v.optional(text),
  draws: v.optional(count),
  given: v.optional(v.record(text, v.union([v.string(), v.number(), v.boolean()]))),
  pairs: v.optional(count),
  method: v.optional(v.picklist(['systematic', 'independent'])),
  temperatureScale: v.optional(positive),
  maxTokens: v.optional(count),
  concurrency: v.optional(count),
})

const evaluateSchema = v.strictObject({
  ...recordFields,
  output: v.optional(text),
  arms: v.optional(v.pipe(v.array(text), v.minLength(1))),
  responses: v.optional(count),
  training: v.optional(text),
  groups: v.optional(v.pipe(v.array(text), v.minLength(1))),
  closed: v.optional(v.picklist(['weighed', 'counted'])),
  heldOut: v.optional(countOrNone),
  classes: v.optional(text),
  dropSeen: v.optional(v.boolean()),
  poolQuestions: v.optional(v.boolean()),
  temperature: v.optional(positive),
  maxTokens: v.optional(count),
  concurrency: v.optional(count),
  resamples: v.optional(countOrNone),
  samples: v.optional(v.boolean()),
  judge: v.optional(text),
})

const serveSchema = v.strictObject({
  port: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(65_535))),
  host: v.optional(text),
})

const configSchema = v.strictObject({
  model: v.optional(text),
  context: v.optional(v.pipe(count, v.maxValue(2 ** 24))),
  encoder: v.optional(text),
  seed: v.optional(seed),
  fit: v.optional(fitSchema),
  simulate: v.optional(simulateSchema),
  evaluate: v.optional(evaluateSchema),
  serve: v.optional(serveSchema),
})

/** Which fields of the records' file hold what, as for `--map`. */
export interface FieldMap {
  readonly id?: string | undefined
  readonly input?: string | undefined
  readonly output?: string | undefined
  readonly choices?: string | undefined
  readonly respondent?: string | undefined
  readonly weight?: string | undefined
}

/** Defaults of the options of every command. A flag on the command line goes before them. */
export interface MopConfig {
  /** `local` (the shipped model) or `local:path.gguf`. */
  readonly model?: string | undefined
  /** Tokens that a local model takes at once, prompt and answer together. */
  readonly context?: number | undefined
  /** `lsa`, `hashed`, `local:path.gguf` or `onnx:path/to/folder`. */
  readonly encoder?: string | undefined
  readonly seed?: number | string | undefined
  readonly fit?: FitConfig | undefined
  readonly simulate?: SimulateConfig | undefined
  readonly evaluate?: EvaluateConfig | undefined
  readonly serve?: ServeConfig | undefined
}

/** The options of `mop fit`, under the names that `mop fit --help` explains. */
export interface FitConfig {
  readonly output?: string | undefined
  readonly format?: Format | undefined
  readonly map?: FieldMap | undefined
  readonly delimiter?: string | undefined
  readonly personas?: number | string | undefined
  readonly exemplars?: number | undefined
  readonly strata?: readonly string[] | undefined
  readonly rounds?: number | undefined
  readonly pairs?: number | undefined
  readonly heldOutPairs?: number | undefined
  readonly budget?: number | undefined
  readonly heldOut?: number | undefined
  readonly validation?: number | undefined
  readonly temperatures?: readonly number[] | undefined
  readonly rank?: number | undefined
  readonly limit?: number | undefined
  readonly describe?: 'statistics' | 'model' | undefined
  readonly private?: boolean | undefined
  readonly table?: string | undefined
}

/** The options of `mop simulate`. */
export interface SimulateConfig {
  readonly output?: string | undefined
  readonly inputs?: string | undefined
  readonly draws?: number | undefined
  /** Only members of this group: `{ age: '18-29' }`. */
  readonly given?: Readonly<Record<string, string | number | boolean>> | undefined
  readonly pairs?: number | undefined
  readonly method?: 'systematic' | 'independent' | undefined
  readonly temperatureScale?: number | undefined
  readonly maxTokens?: number | undefined
  readonly concurrency?: number | undefined
}

/** The options of `mop evaluate`. The held-out records are always given on the command line. */
export interface EvaluateConfig {
  readonly format?: Format | undefined
  readonly map?: FieldMap | undefined
  readonly delimiter?: string | undefined
  readonly output?: string | undefined
  readonly arms?: readonly string[] | undefined
  readonly responses?: number | undefined
  readonly training?: string | undefined
  readonly groups?: readonly string[] | undefined
  readonly closed?: 'weighed' | 'counted' | undefined
  readonly heldOut?: number | undefined
  readonly classes?: string | undefined
  readonly dropSeen?: boolean | undefined
  readonly poolQuestions?: boolean | undefined
  readonly temperature?: number | undefined
  readonly maxTokens?: number | undefined
  readonly concurrency?: number | undefined
  readonly resamples?: number | undefined
  /** False leaves responses and texts of personas out of the page. */
  readonly samples?: boolean | undefined
  /** `lsa`, `hashed`, `local:path.gguf` or `onnx:path/to/folder`. */
  readonly judge?: string | undefined
}

/** The options of `mop serve`. */
export interface ServeConfig {
  readonly port?: number | undefined
  readonly host?: string | undefined
}

export interface ConfigIssue {
  /** Dotted path, e.g. `fit.rounds`. */
  readonly field: string | undefined
  readonly problem: string
}

export function checkConfig(value: unknown): { config: MopConfig } | { issue: ConfigIssue } {
  const checked = v.safeParse(configSchema, value)
  if (checked.success) return { config: checked.output }
  const [issue] = checked.issues
  const field = v.getDotPath(issue) ?? undefined
  const problem =
    issue.expected === 'never' ? 'there is no such option' : issue.message.replace(/^Invalid [^:]*: /, '')
  return { issue: { field, problem } }
}
