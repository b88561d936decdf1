import { InvalidArgumentError } from '../errors/invalid-argument-error.ts'
import type { Generation, TextGenerator } from '../ports/text-generator.ts'
import { addUsage, noUsage } from '../ports/usage.ts'
import { createRandom } from '../random/random.ts'
import { endSymbol, FakeLanguageModel } from './fake-language-model.ts'

/** A generator for tests that draws from the very distribution that `fakeLikelihoodScorer` scores. `maxTokens` defaults to 200. */
export function fakeTextGenerator(): TextGenerator {
  return {
    id: 'fake-language-model',
    async generate(requests, { signal, onGeneration } = {}) {
      signal?.throwIfAborted()
      const generations: Generation[] = []
      let usage = noUsage
      for (const [index, { messages, temperature, seed, maxTokens = 200 }] of requests.entries()) {
        if (!(temperature >= 0 && Number.isFinite(temperature))) {
          throw new InvalidArgumentError({
            argument: 'temperature',
            expected: 'finite and at least 0',
            found: temperature,
          })
        }
        await Promise.resolve()
        signal?.throwIfAborted()
        const model = new FakeLanguageModel(messages)
        const random = createRandom(seed)
        const symbols: number[] = []
        let ended = false
        let drawn = 0
        while (!ended && drawn < maxTokens) {
          const symbol = model.draw(symbols, temperature, random.next())
          drawn++
          if (symbol === endSymbol) ended = true
          else symbols.push(symbol)
        }
        const generation: Generation = {
          text: symbols.map((symbol) => String.fromCodePoint(symbol)).join(''),
          finishReason: ended ? 'stop' : 'length',
          usage: {
            calls: 1,
            inputTokens: model.promptTokens,
            outputTokens: drawn,
            evaluatedTokens: model.promptTokens + drawn,
          },
        }
        generations.push(generation)
        usage = addUsage(usage, generation.usage)
        onGeneration?.(index, generation)
      }
      signal?.throwIfAborted()
      return { generations, usage }
    },
  }
}
