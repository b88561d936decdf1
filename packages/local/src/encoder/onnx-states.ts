import { OnnxModelError } from '../errors/onnx-model-error.ts'
import type { OnnxPooling } from './onnx-encoder.ts'
import type { TransformersModel, TransformersModule, TransformersTensor } from './transformers-module.ts'

/** The last hidden states of one sequence, token by token: `tokens` × `dimension`. */
export interface TokenStates {
  readonly tokens: number
  readonly dimension: number
  readonly values: Float32Array
}

/** Names that exporters give to the states of the tokens. */
const outputNames = ['last_hidden_state', 'token_embeddings']

/**
 * Runs one sequence, alone and without padding.
 * @throws OnnxModelError where the model fails or gives no states of tokens.
 */
export async function tokenStates(
  { Tensor }: Pick<TransformersModule, 'Tensor'>,
  model: TransformersModel,
  tokens: readonly number[],
  path: string,
): Promise<TokenStates> {
  const integers = (values: readonly number[]): TransformersTensor =>
    new Tensor('int64', BigInt64Array.from(values, BigInt), [1, values.length])
  const inputs = {
    input_ids: integers(tokens),
    attention_mask: integers(tokens.map(() => 1)),
    token_type_ids: integers(tokens.map(() => 0)),
  }
  const refuse = (problem: string, cause?: unknown): OnnxModelError =>
    new OnnxModelError({
      path,
      problem,
      remedy: 'Export a text encoder for feature extraction, with inputs and outputs in 32 bits.',
      cause,
    })
  const outputs = await model(inputs).catch((cause: unknown) => {
    throw refuse(
      `fails on ${tokens.length} tokens (${cause instanceof Error ? cause.message : String(cause)})`,
      cause,
    )
  })
  const name = outputNames.find((one) => one in outputs)
  if (name === undefined) {
    throw refuse(`gives ${Object.keys(outputs).join(', ') || 'nothing'}, and no ${outputNames.join(' or ')}`)
  }
  const { type, dims, data } = outputs[name] as TransformersTensor
  const [batch, count, dimension] = dims
  if (type !== 'float32' || dims.length !== 3 || batch !== 1 || count !== tokens.length || !dimension) {
    throw refuse(`gives a ${name} of ${type} ${dims.join(' × ')} for ${tokens.length} tokens`)
  }
  return { tokens: count, dimension, values: data as Float32Array }
}

/** One vector of a sequence, not yet of unit length. */
export function poolStates({ tokens, dimension, values }: TokenStates, pooling: OnnxPooling): Float32Array {
  if (pooling === 'cls') return values.slice(0, dimension)
  if (pooling === 'last_token') return values.slice((tokens - 1) * dimension, tokens * dimension)
  const sums = new Float64Array(dimension)
  for (let token = 0; token < tokens; token++) {
    for (let index = 0; index < dimension; index++)
      sums[index] = (sums[index] as number) + (values[token * dimension + index] as number)
  }
  return Float32Array.from(sums, (sum) => sum / tokens)
}
