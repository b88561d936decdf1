import type { EchoScorerOptions } from '../likelihood/echo-scorer.ts'
import type { EchoedText } from '../likelihood/token-spans.ts'

const uniform = 1 / 0x110000
const prior = 2

/**
 * A completion endpoint for tests that echoes exact log-probabilities: character bigrams, learned from the text so far, so that
 * what stood there before is likelier. A token is a word with the space before it, or one other character; the first has no log-probability.
 */
export function fakeEchoEndpoint(): EchoScorerOptions['complete'] {
  return async (prompts, { signal }) => {
    await Promise.resolve()
    signal?.throwIfAborted()
    return prompts.map(echo)
  }
}

function echo(text: string): EchoedText {
  const counts = new Map<string, number>()
  const count = (key: string): number => counts.get(key) ?? 0
  const see = (key: string): void => void counts.set(key, count(key) + 1)
  const tokens = text.match(/ ?[\p{Letter}\d]+|[^]/gu) ?? []
  let before = ''
  const logProbabilities = tokens.map((token) => {
    let sum = 0
    for (const character of token) {
      const single = (count(character) + prior * uniform) / (count('') + prior)
      const pair = (count(`${before}>${character}`) + prior * single) / (count(`${before}>`) + prior)
      sum += Math.log(pair)
      for (const key of ['', character, `${before}>`, `${before}>${character}`]) see(key)
      before = character
    }
    return sum
  })
  let offset = 0
  const textOffsets = tokens.map((token) => {
    const start = offset
    offset += [...token].length
    return start
  })
  return {
    tokens,
    logProbabilities: logProbabilities.map((value, index) => (index === 0 ? null : value)),
    textOffsets,
  }
}
