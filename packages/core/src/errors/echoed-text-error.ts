import { MopError } from './mop-error.ts'

/** A completion endpoint did not give the log-probabilities of the text it was asked for. */
export class EchoedTextError extends MopError {
  /** Which prompt of the call, from 0. */
  readonly prompt: number
  /** What is wrong with its answer. Never holds any of the text. */
  readonly problem: string

  constructor(options: { prompt: number; problem: string }) {
    super({
      code: 'echoed-text',
      message: `Prompt ${options.prompt}: ${options.problem}.`,
      remedy:
        'The server must echo each prompt with the log-probability of every token (echo: true, logprobs: 1, max_tokens: 0).',
    })
    this.prompt = options.prompt
    this.problem = options.problem
  }
}
