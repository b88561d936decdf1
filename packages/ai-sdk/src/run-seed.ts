import type { LanguageModelV4Prompt } from '@ai-sdk/provider'
import { isSeed } from './mop-options.ts'

/**
 * The seed of the run that a prompt goes on with: each tool call carries it in `providerMetadata.mop`, which the AI SDK
 * hands back as `providerOptions.mop` of the same part in the next step. Nothing is remembered here, so runs at the
 * same time cannot mix, and a run goes on after a wait for the user's approval or in another process.
 * A new message of the user ends a run.
 */
export function runSeed(prompt: LanguageModelV4Prompt): number | string | undefined {
  for (const message of prompt.toReversed()) {
    if (message.role === 'user') return undefined
    if (message.role !== 'assistant') continue
    for (const part of message.content) {
      const seed = part.type === 'tool-call' ? part.providerOptions?.['mop']?.['seed'] : undefined
      if (isSeed(seed)) return seed
    }
  }
  return undefined
}

/** A part of an answer, a tool call with the seed of its run; other parts as they are. */
export function withRunSeed<Part extends { readonly type: string }>(part: Part, seed: number | string): Part {
  if (part.type !== 'tool-call') return part
  const { providerMetadata } = part as { providerMetadata?: object }
  return { ...part, providerMetadata: { ...providerMetadata, mop: { seed } } }
}
