import {
  createEchoScorer,
  echoedChoice,
  type EchoedText,
  type EchoScorerOptions,
  type LikelihoodScorer,
  MopError,
} from '@mop/core'
import { type ChatModel, type ChatModelResult, modelName } from './chat-model.ts'
import { requireModelObject } from './model-object.ts'
import { packTexts } from './raw-completions.ts'

/** `createEchoScorer`'s, with a default id of `<provider>/<modelId>`. */
export type AiSdkScorerOptions = Partial<Omit<EchoScorerOptions, 'complete' | 'temperatures'>>

/**
 * A completion model of `@ai-sdk/openai-compatible` as core's LikelihoodScorer, over a server that echoes the
 * log-probabilities of a given text. Its provider must have `fetch: rawCompletions()`. Scores at temperature 1: pass
 * `temperatures: [1]` to `fit`, and `probeScorer` it first.
 * @throws InvalidArgumentError for a string id. Its calls throw a MopError of code `raw-completions` where the provider
 * lacks that `fetch`, and what `createEchoScorer` throws. Errors of the model travel.
 */
export function createAiSdkScorer(model: ChatModel, options: AiSdkScorerOptions = {}): LikelihoodScorer {
  requireModelObject('completionModel', model)
  const [name = model.provider] = model.provider.split('.')
  return createEchoScorer({
    ...options,
    id: options.id ?? modelName(model),
    async complete(texts, { signal }) {
      const result = await model.doGenerate({
        prompt: [{ role: 'system', content: packTexts(texts) }],
        maxOutputTokens: 0,
        providerOptions: { [name]: { echo: true, logprobs: 1 } },
        ...(signal !== undefined && { abortSignal: signal }),
      })
      return echoesOf(result, texts.length, modelName(model))
    },
  })
}

interface Choice {
  readonly index?: number
  readonly text?: string
  readonly logprobs?: unknown
}

function echoesOf({ response }: ChatModelResult, count: number, name: string): readonly EchoedText[] {
  const body = response?.body as { readonly choices?: readonly Choice[] } | undefined
  const choices = body?.choices ?? []
  if (choices.some(({ text }) => text?.startsWith(packTexts([]).slice(0, -2)))) {
    throw new MopError({
      code: 'raw-completions',
      message: `The provider of ${name} writes a chat around the texts that are to be scored.`,
      remedy: 'Make the provider with `fetch: rawCompletions()`.',
    })
  }
  const ordered = choices.toSorted((a, b) => (a.index ?? 0) - (b.index ?? 0))
  return ordered.slice(0, count).map(({ logprobs }) => echoedChoice(logprobs))
}
