import type { LanguageModelV4CallOptions, LanguageModelV4Middleware } from '@ai-sdk/provider'
import { type BoundMixture, drawPrompt, InvalidArgumentError } from '@mop/core'
import { type MopMetadata, mopMetadata } from './mop-metadata.ts'
import { type MopOptions, parseCallOptions } from './mop-options.ts'
import { conversationOfPrompt, personaPrompt } from './persona-prompt.ts'
import { runSeed, withRunSeed } from './run-seed.ts'

/**
 * A middleware that draws a persona and an exemplar for the last user message of each call, puts them into the prompt
 * and reports the draw in `providerMetadata.mop`. The steps of one run share one draw.
 * @param mixture from core's `bindEncoder(mixture, encoder)`.
 * @param options defaults for every call; a call overrides them with `providerOptions.mop`.
 * @throws (its calls) InvalidArgumentError for a prompt without a user message, an option of the wrong type, an unknown
 * persona, attribute or value, before the model is asked. Errors of the model and of the encoder come through as they are.
 */
export function mopMiddleware(mixture: BoundMixture, options: MopOptions = {}): LanguageModelV4Middleware {
  const reports = new WeakMap<LanguageModelV4CallOptions, MopMetadata>()
  const reportOf = (params: LanguageModelV4CallOptions): MopMetadata => {
    const report = reports.get(params)
    if (report !== undefined) return report
    throw new InvalidArgumentError({
      argument: 'params',
      expected: 'the very object that transformParams of this middleware returned',
      found: 'another',
      remedy: 'Compose middlewares with wrapLanguageModel.',
    })
  }
  return {
    specificationVersion: 'v4',
    async transformParams({ params }) {
      const { abortSignal: signal, prompt } = params
      signal?.throwIfAborted()
      const { mop, ...providerOptions } = params.providerOptions ?? {}
      const asked = { ...options, ...parseCallOptions(mop) }
      const seed = asked.seed ?? runSeed(prompt)
      const drawn = await drawPrompt(mixture, conversationOfPrompt(prompt), { ...asked, seed, signal })
      const temperature = params.temperature ?? drawn.report.temperature
      const answered = { ...params, prompt: personaPrompt(prompt, drawn), temperature, providerOptions }
      reports.set(answered, mopMetadata(drawn.report, temperature))
      return answered
    },
    async wrapGenerate({ doGenerate, params }) {
      const mop = reportOf(params)
      const result = await doGenerate()
      return {
        ...result,
        content: result.content.map((part) => withRunSeed(part, mop.seed)),
        providerMetadata: { ...result.providerMetadata, mop },
      }
    },
    async wrapStream({ doStream, params }) {
      const mop = reportOf(params)
      const { stream, ...rest } = await doStream()
      const reported: typeof stream = stream.pipeThrough(
        new TransformStream({
          transform(part, controller) {
            controller.enqueue(
              part.type === 'finish'
                ? { ...part, providerMetadata: { ...part.providerMetadata, mop } }
                : withRunSeed(part, mop.seed),
            )
          },
        }),
      )
      return { ...rest, stream: reported }
    },
  }
}
