import type {
  TransformersModelOptions,
  TransformersModule,
  TransformersTensor,
} from '../encoder/transformers-module.ts'

export interface FakeTransformers {
  readonly module: TransformersModule
  /** The token numbers of each run of the model. */
  readonly runs: readonly (readonly number[])[]
  readonly opened: readonly { readonly folder: string; readonly options: object }[]
  /** How many models were let go. */
  disposed(): number
}

export interface FakeTransformersOptions {
  readonly maxLength?: number
  /** What the model gives instead of its states. */
  readonly outputs?: (states: TransformersTensor) => Readonly<Record<string, unknown>>
  /** What loading the model fails with. */
  readonly failure?: Error
}

export const fakeDimension = 6

/** State of a token at a place, as the fake model gives it. */
export function fakeState(token: number, place: number): readonly number[] {
  return Array.from({ length: fakeDimension }, (_, index) =>
    Math.fround(Math.sin(token * (index + 1) + place)),
  )
}

/**
 * The part of transformers.js that the ONNX encoder uses, without a model: words are tokens, 2 and 3 stand around a text,
 * and `[SEP]` in a text is 3.
 */
export function fakeTransformers(options: FakeTransformersOptions = {}): FakeTransformers {
  const runs: number[][] = []
  const opened: { folder: string; options: object }[] = []
  let disposed = 0
  class Tensor implements TransformersTensor {
    readonly type: string
    readonly data: unknown
    readonly dims: readonly number[]
    constructor(type: string, data: unknown, dims: readonly number[]) {
      this.type = type
      this.data = data
      this.dims = dims
    }
  }
  const run = async (
    inputs: Readonly<Record<string, TransformersTensor>>,
  ): Promise<Record<string, unknown>> => {
    await Promise.resolve()
    const ids = Array.from((inputs['input_ids'] as { data: BigInt64Array }).data, Number)
    runs.push(ids)
    const values = Float32Array.from(ids.flatMap((token, place) => fakeState(token, place)))
    const states = new Tensor('float32', values, [1, ids.length, fakeDimension])
    return options.outputs?.(states) ?? { last_hidden_state: states }
  }
  const module: TransformersModule = {
    Tensor,
    AutoTokenizer: {
      from_pretrained: async (folder, settings) => {
        opened.push({ folder, options: settings })
        return {
          encode: (text, { add_special_tokens }) => {
            const own = (text.match(/\S+/g) ?? []).map((word) => (word === '[SEP]' ? 3 : wordNumber(word)))
            return add_special_tokens ? [2, ...own, 3] : own
          },
          model_max_length: options.maxLength ?? 1e30,
          all_special_tokens: ['[CLS]', '[SEP]'],
        }
      },
    },
    AutoModel: {
      from_pretrained: async (folder: string, settings: TransformersModelOptions) => {
        opened.push({ folder, options: settings })
        if (options.failure !== undefined) throw options.failure
        return Object.assign(run, {
          dispose: async () => {
            disposed++
          },
        })
      },
    },
  }
  return { module, runs, opened, disposed: () => disposed }
}

function wordNumber(word: string): number {
  let hash = 7
  for (let index = 0; index < word.length; index++) hash = (hash * 31 + word.charCodeAt(index)) % 100_003
  return 10 + hash
}
