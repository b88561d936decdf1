import type { LlamaModel, Token } from 'node-llama-cpp'

/** The bytes of a token's text, which need not be whole characters. Control tokens have the bytes of their name. */
export function tokenBytesOf(model: LlamaModel): (token: Token) => Uint8Array {
  const { ggml } = model.fileInfo.metadata.tokenizer
  const encoder = new TextEncoder()
  const byteOf = ggml.model === 'gpt2' ? byteLevelAlphabet() : undefined
  return (token) => {
    const symbol = ggml.tokens[token] ?? ''
    if (byteOf !== undefined && !model.isSpecialToken(token)) {
      return Uint8Array.from(symbol, (character) => byteOf.get(character) ?? 0x3f)
    }
    if (ggml.model === 'llama' && !model.isSpecialToken(token) && !symbol.startsWith('<0x')) {
      return encoder.encode(symbol.replaceAll('\u2581', ' '))
    }
    const byte = /^<0x([0-9A-F]{2})>$/.exec(symbol)?.[1]
    return byte === undefined
      ? encoder.encode(model.detokenize([token], true))
      : Uint8Array.of(Number.parseInt(byte, 16))
  }
}

/** GPT-2's alphabet for bytes: printable Latin-1 stands for itself, the other bytes for the code points from 256 on, in order. */
function byteLevelAlphabet(): Map<string, number> {
  const alphabet = new Map<string, number>()
  let next = 256
  for (let byte = 0; byte < 256; byte++) {
    const printable = (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174
    alphabet.set(String.fromCodePoint(printable ? byte : next++), byte)
  }
  return alphabet
}
