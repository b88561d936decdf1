import { addUsage, noUsage } from '@mop/core'
import type { GenerateRequest, Generation, TextGenerator, Usage } from '@mop/core'
import type { LocalModel } from '../engine/local-model.ts'
import { drawTokens } from './draw-tokens.ts'
import { withoutSpaces } from './without-spaces.ts'

const defaultMaxTokens = 200

/**
 * Draws answers from a local model: the full vocabulary at the given temperature, no truncation of the distribution.
 * The same messages, temperature and seed give the same text on the same machine, whatever else is asked for.
 * `maxTokens` defaults to 200; control tokens that are drawn before the end leave no text.
 */
export function createLocalGenerator(model: LocalModel): TextGenerator {
  return {
    id: model.id,
    async generate(requests, { signal, onGeneration } = {}) {
      signal?.throwIfAborted()
      const generations: Generation[] = []
      let usage: Usage = noUsage
      for (const { request, prompt, index } of inPrefixOrder(model, requests)) {
        const { temperature, seed, maxTokens = defaultMaxTokens } = request
        if (!(temperature >= 0 && Number.isFinite(temperature))) {
          throw new RangeError(`A temperature must be a finite number of at least 0, not ${temperature}.`)
        }
        const drawn = await drawTokens(model, {
          segments: prompt.segments,
          temperature,
          seed,
          maxTokens,
          index,
          signal,
        })
        const { finishReason } = drawn
        const generation: Generation = {
          text: withoutSpaces(model.detokenize(drawn.tokens), prompt.answerSpaces),
          finishReason,
          usage: drawn.usage,
        }
        generations[index] = generation
        usage = addUsage(usage, generation.usage)
        onGeneration?.(index, generation)
      }
      return { generations, usage }
    },
  }
}

/** Requests with a common beginning side by side, so that it is computed once. */
function inPrefixOrder(model: LocalModel, requests: readonly GenerateRequest[]) {
  return requests
    .map((request, index) => {
      const prompt = model.format.prompt(request.messages)
      return { request, prompt, index, key: prompt.segments.join('|') }
    })
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
}
