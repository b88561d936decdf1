import {
  createAnswerGenerator,
  type GenerateRequest,
  type Generation,
  MopError,
  type TextGenerator,
} from '@mop/core'
import { type ChatModel, type ChatModelResult, modelName } from './chat-model.ts'
import { requireModelObject } from './model-object.ts'
import { promptMessage } from './prompt-message.ts'

export interface AiSdkGeneratorOptions {
  /** Default `<provider>/<modelId>`. */
  readonly id?: string | undefined
  /** Calls under way at the same time, within one `generate`. Default 4. */
  readonly maxParallelCalls?: number | undefined
}

/**
 * A language model of the AI SDK as core's TextGenerator: one `doGenerate` a request, with its temperature and seed.
 * It does not retry; core's `simulate` does.
 * @throws InvalidArgumentError for a string id, and (its calls) for a temperature below 0. Errors of the model travel.
 */
export function createAiSdkGenerator(model: ChatModel, options: AiSdkGeneratorOptions = {}): TextGenerator {
  requireModelObject('model', model)
  const { id = modelName(model), maxParallelCalls = 4 } = options
  return createAnswerGenerator({
    id,
    concurrency: maxParallelCalls,
    answer: (request, { signal }) => generate(model, request, signal),
  })
}

async function generate(
  model: ChatModel,
  { messages, temperature, seed, maxTokens }: GenerateRequest,
  signal: AbortSignal | undefined,
): Promise<Generation> {
  const result = await model.doGenerate({
    prompt: messages.map(promptMessage),
    temperature,
    seed,
    ...(maxTokens !== undefined && { maxOutputTokens: maxTokens }),
    ...(signal !== undefined && { abortSignal: signal }),
  })
  if (result.finishReason.unified === 'error') {
    throw new MopError({
      code: 'generation',
      message: `${modelName(model)} ended an answer with an error and did not say which.`,
      remedy: 'Ask again, or look at the provider’s log.',
    })
  }
  return { text: textOf(result), finishReason: finishReasonOf(result), usage: usageOf(result) }
}

/** The answer without the model's reasoning. */
function textOf({ content }: ChatModelResult): string {
  return content.map((part) => (part.type === 'text' ? String(Reflect.get(part, 'text')) : '')).join('')
}

/** An answer that a filter cut short counts as cut. */
function finishReasonOf({ finishReason: { unified } }: ChatModelResult): Generation['finishReason'] {
  return unified === 'length' || unified === 'content-filter' ? 'length' : 'stop'
}

function usageOf({ usage: { inputTokens, outputTokens } }: ChatModelResult): Generation['usage'] {
  const { total: input = 0, cacheRead = 0 } = inputTokens
  const { total: output = 0 } = outputTokens
  return { calls: 1, inputTokens: input, outputTokens: output, evaluatedTokens: input - cacheRead + output }
}
