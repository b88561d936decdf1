import type { TransformersTokenizer } from './transformers-module.ts'

/** What a tokenizer puts around the tokens of a text. */
export interface TokensAround {
  readonly before: readonly number[]
  readonly after: readonly number[]
}

/** Found from one letter encoded with and without them; undefined where the letter's own tokens do not stand between them. */
export function tokensAround(tokenizer: TransformersTokenizer): TokensAround | undefined {
  const own = tokenizer.encode('a', { add_special_tokens: false })
  const whole = tokenizer.encode('a', { add_special_tokens: true })
  for (let start = 0; start + own.length <= whole.length; start++) {
    if (own.every((token, index) => whole[start + index] === token))
      return { before: whole.slice(0, start), after: whole.slice(start + own.length) }
  }
  return undefined
}

/** Tokens of a text, in which the name of a control token is text: a space keeps it from being one. */
export function textTokens(tokenizer: TransformersTokenizer, text: string): readonly number[] {
  let plain = text
  for (const name of tokenizer.all_special_tokens) {
    if (name.length > 1 && plain.includes(name)) plain = plain.replaceAll(name, `${name[0]} ${name.slice(1)}`)
  }
  return tokenizer.encode(plain, { add_special_tokens: false })
}

/** Models whose positions start after the padding token's number, as those of RoBERTa do. */
const positionsAfterPadding = /^(?:xlm-)?roberta|^camembert$|^mpnet$/

/** The most tokens that tokenizer and model take, the added ones included; infinite where neither says. */
export function tokenLimit(tokenizer: TransformersTokenizer, config: object): number {
  const number = (name: string): number | undefined => {
    const value: unknown = Reflect.get(config, name)
    return typeof value === 'number' ? value : undefined
  }
  const skipped = positionsAfterPadding.test(String(Reflect.get(config, 'model_type')))
    ? (number('pad_token_id') ?? 1) + 1
    : 0
  const positions = number('max_position_embeddings')
  return Math.min(tokenizer.model_max_length, (positions ?? Number.POSITIVE_INFINITY) - skipped)
}
