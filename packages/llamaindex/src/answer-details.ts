import { estimateTokens, type GenerateRequest, type Generation } from '@mop/core'

/**
 * What an answer cost and why it ended, from the provider's own answer: `usage` and `finish_reason` of OpenAI's form or
 * `stop_reason` of Anthropic's. The framework has no field for either. What is missing is estimated from the texts.
 */
export function answerDetails(
  raw: unknown,
  { messages, maxTokens }: GenerateRequest,
  text: string,
): Pick<Generation, 'usage' | 'finishReason'> {
  const usage = member(raw, 'usage')
  const inputTokens =
    number(member(usage, 'prompt_tokens') ?? member(usage, 'input_tokens')) ??
    messages.reduce((sum, { content }) => sum + estimateTokens(content), 0)
  const counted = number(member(usage, 'completion_tokens') ?? member(usage, 'output_tokens'))
  const outputTokens = counted ?? Math.min(estimateTokens(text), maxTokens ?? Infinity)
  const reason = member(member(member(raw, 'choices'), '0'), 'finish_reason') ?? member(raw, 'stop_reason')
  return {
    finishReason: reason === 'length' || reason === 'max_tokens' ? 'length' : 'stop',
    usage: { calls: 1, inputTokens, outputTokens, evaluatedTokens: inputTokens + outputTokens },
  }
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined
}
