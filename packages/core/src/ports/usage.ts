/** What a call to a model cost. Tokens are counted by the model's own tokenizer. */
export interface Usage {
  /** Requests answered: one per scored continuation, generated text or encoded text. */
  readonly calls: number
  /** Prompt tokens of those requests, whether computed or reused. */
  readonly inputTokens: number
  /** Tokens scored or generated. */
  readonly outputTokens: number
  /** Tokens the model really evaluated; less than input + output where a shared prefix was reused. */
  readonly evaluatedTokens: number
}

export const noUsage: Usage = { calls: 0, inputTokens: 0, outputTokens: 0, evaluatedTokens: 0 }

export function addUsage(a: Usage, b: Usage): Usage {
  return {
    calls: a.calls + b.calls,
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    evaluatedTokens: a.evaluatedTokens + b.evaluatedTokens,
  }
}
