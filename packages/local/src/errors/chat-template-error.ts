import { MopError } from '@mop/core'

/** Messages that the chat template inside the model file refuses, or a template that cannot be used. */
export class ChatTemplateError extends MopError {
  constructor(problem: string, cause?: unknown) {
    super({
      code: 'local.chat-template',
      message: `The model's chat template ${problem}.`,
      remedy: 'Change the order of the messages, or use a model whose template takes them.',
      cause,
    })
  }
}
