import type { Encoder } from '../ports/encoder.ts'
import { type ContractCase, type Make, ensure, requireCancellation, requireClose } from './contract-case.ts'
import { longText, unicodeTexts } from './sample-texts.ts'

export interface EncoderContractOptions {
  /** Difference allowed between two encodings of one text, per coordinate. Default 1e-5. */
  readonly tolerance?: number
}

/** The laws that every `Encoder` keeps. */
export function encoderContract(
  make: Make<Encoder>,
  options: EncoderContractOptions = {},
): readonly ContractCase[] {
  const { tolerance = 1e-5 } = options
  const plain = ['The soup was warm.', 'A long walk by the sea', 'no', 'The soup was cold.']

  const law = (name: string, check: (encoder: Encoder) => Promise<void>): ContractCase => ({
    name: `encoder: ${name}`,
    run: async () => check(await make()),
  })
  const requireUnit = (encoder: Encoder, embedding: Float32Array | undefined, text: string): void => {
    const shown = JSON.stringify(text.slice(0, 40))
    ensure(
      embedding instanceof Float32Array,
      `the embedding of ${shown} must be a Float32Array`,
      typeof embedding,
    )
    ensure(
      embedding.length === encoder.dimension,
      `the embedding of ${shown} must have length ${encoder.dimension}`,
      embedding.length,
    )
    requireClose(Math.hypot(...embedding), 1, 1e-4, `the embedding of ${shown} must have norm 1`)
  }
  const requireSame = (a: Float32Array | undefined, b: Float32Array | undefined, because: string): void => {
    ensure(a !== undefined && b !== undefined, because, 'no embedding')
    for (const [index, value] of a.entries()) requireClose(b[index] ?? Number.NaN, value, tolerance, because)
  }

  return [
    law('id and dimension are stable', async (encoder) => {
      const again = await make()
      ensure(encoder.id.length > 0, 'the id must not be empty', encoder.id)
      ensure(again.id === encoder.id, 'the id must be the same each time', `${encoder.id} and ${again.id}`)
      ensure(
        Number.isInteger(encoder.dimension) && encoder.dimension > 0,
        'the dimension must be a positive integer',
        encoder.dimension,
      )
    }),
    law('one unit vector per text, in the order of the texts', async (encoder) => {
      const { embeddings } = await encoder.encode(plain)
      ensure(embeddings.length === plain.length, 'there must be one embedding per text', embeddings.length)
      for (const [index, text] of plain.entries()) {
        requireUnit(encoder, embeddings[index], text)
        const alone = await encoder.encode([text])
        requireSame(
          alone.embeddings[0],
          embeddings[index],
          'a text must have the same vector alone and in a batch',
        )
      }
    }),
    law('the same text gives the same vector, twice in a batch and at any time', async (encoder) => {
      const { embeddings } = await encoder.encode(['same', ...plain, 'same'])
      requireSame(embeddings[0], embeddings.at(-1), 'equal texts of a batch must have equal vectors')
      const first = embeddings[0]?.slice()
      embeddings[0]?.fill(0)
      const again = await encoder.encode(['same'])
      requireSame(
        first,
        again.embeddings[0],
        'a vector that the caller overwrites must not change the next answer',
      )
    }),
    law('different texts give different vectors', async (encoder) => {
      const { embeddings } = await encoder.encode(plain)
      const distinct = new Set(embeddings.map((embedding) => embedding.join(',')))
      ensure(
        distinct.size === plain.length,
        'different texts must have different vectors',
        `${distinct.size} distinct of ${plain.length}`,
      )
    }),
    law('no texts', async (encoder) => {
      const { embeddings, usage } = await encoder.encode([])
      ensure(embeddings.length === 0, 'no texts must give no embeddings', embeddings.length)
      ensure(usage.calls === 0, 'no texts must cost no calls', usage)
    }),
    law('empty, very long and unicode texts have unit vectors too', async (encoder) => {
      const texts = ['', ' ', longText, ...unicodeTexts]
      const { embeddings } = await encoder.encode(texts)
      for (const [index, text] of texts.entries()) requireUnit(encoder, embeddings[index], text)
    }),
    law('usage counts the texts', async (encoder) => {
      const { usage } = await encoder.encode([...plain, plain[0] ?? ''])
      ensure(usage.calls === plain.length + 1, 'usage.calls must be the number of texts', usage.calls)
      ensure(usage.inputTokens > 0, 'usage.inputTokens must count tokens', usage.inputTokens)
      ensure(
        usage.evaluatedTokens <= usage.inputTokens + usage.outputTokens,
        'no more tokens can be evaluated than were given',
        usage,
      )
    }),
    law('an aborted signal rejects with its reason', async (encoder) => {
      const many = Array.from({ length: 200 }, (_, index) => `${index} ${plain[index % plain.length]}`)
      await requireCancellation(async (signal, onFirst) => {
        const encoding = encoder.encode(many, { signal })
        onFirst()
        return encoding
      })
    }),
  ]
}
