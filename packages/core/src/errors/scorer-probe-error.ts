import { MopError } from './mop-error.ts'

export type ScorerLaw =
  | 'answered'
  | 'finite'
  | 'not-certain'
  | 'not-constant'
  | 'last-token'
  | 'contrast'
  | 'prompt'
  | 'additive'
  | 'order'

/** A scorer's log-probabilities cannot be those of a language model: a fit on them would learn nothing, silently. */
export class ScorerProbeError extends MopError {
  /** Id of the scorer. */
  readonly scorer: string
  /** Which law failed, stable and machine-readable. */
  readonly law: ScorerLaw
  readonly found: string

  constructor(options: { scorer: string; law: ScorerLaw; rule: string; found: string; cause?: unknown }) {
    super({
      code: 'scorer-probe',
      message: `${options.scorer} fails the probe "${options.law}": ${options.rule}; found ${options.found}.`,
      remedy:
        'Score with @mop/local, or with a server that gives the log-probabilities of a given text: vLLM, SGLang, Together or ' +
        'Fireworks (/v1/completions with echo: true, logprobs: 1, max_tokens: 0), TGI (/generate with decoder_input_details). ' +
        "llama.cpp's server, Ollama, LM Studio and OpenAI's own models give none that can be used. For a chat model without them, " +
        'write a LikelihoodScorer that scores closed answers by the log-probabilities of their labels, or any answer by the density of ' +
        'sampled ones; a mixture fitted with another model can be used with this one unchanged.',
      ...(options.cause === undefined ? {} : { cause: options.cause }),
    })
    this.scorer = options.scorer
    this.law = options.law
    this.found = options.found
  }
}
