import { InvalidArgumentError } from '@mop/core'

/** @throws InvalidArgumentError for a string id: which provider it means is the caller's to say. */
export function requireModelObject(argument: string, model: unknown): void {
  if (typeof model === 'object' && model !== null) return
  throw new InvalidArgumentError({
    argument,
    expected: 'a model object of the AI SDK',
    found: typeof model === 'string' ? `the string ${JSON.stringify(model)}` : String(model),
    remedy: 'Make one with a provider: openai("id"), or gateway("provider/id") for an id of the AI Gateway.',
  })
}
