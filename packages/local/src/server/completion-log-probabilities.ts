import type { Token } from 'node-llama-cpp'
import type { LocalModel } from '../engine/local-model.ts'
import { tokenName } from './draw-answer.ts'

export interface RankedToken {
  readonly token: Token
  /** What the token adds to the text. */
  readonly bytes: Uint8Array
  /** Absent for the first token of a prompt, which nothing predicts. */
  readonly logProbabilities?: ReadonlyMap<number, number> | undefined
}

interface CompletionLogProbabilities {
  readonly tokens: string[]
  readonly token_logprobs: (number | null)[]
  readonly top_logprobs: (Record<string, number> | null)[] | null
  readonly text_offset: number[]
}

/**
 * The `logprobs` of a completion choice. Token strings concatenate to `text`: a token that completes no character has the
 * empty string. Offsets count Unicode code points, as OpenAI's do. Tokens after a stop string's start are left out.
 */
export function completionLogProbabilities(
  model: LocalModel,
  ranked: readonly RankedToken[],
  top: number,
  text: string,
): CompletionLogProbabilities {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  const result: CompletionLogProbabilities = {
    tokens: [],
    token_logprobs: [],
    top_logprobs: top === 0 ? null : [],
    text_offset: [],
  }
  let rest = text
  let offset = 0
  for (const [index, { token, bytes, logProbabilities }] of ranked.entries()) {
    const last = index === ranked.length - 1
    const decoded = decoder.decode(bytes, { stream: !last })
    const shown = last || !rest.startsWith(decoded) ? rest : decoded
    if (rest === '' && decoded !== '' && index > 0) break
    result.tokens.push(shown)
    result.token_logprobs.push(logProbabilities?.get(token) ?? null)
    result.text_offset.push(offset)
    result.top_logprobs?.push(
      logProbabilities === undefined ? null : named(model, [...logProbabilities].slice(0, top)),
    )
    rest = rest.slice(shown.length)
    offset += [...shown].length
  }
  return result
}

function named(model: LocalModel, ranked: readonly (readonly [number, number])[]): Record<string, number> {
  return Object.fromEntries(ranked.map(([token, logprob]) => [tokenName(model, token as Token), logprob]))
}
