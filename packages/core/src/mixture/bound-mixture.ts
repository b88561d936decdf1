import { EncoderMismatchError } from '../errors/encoder-mismatch-error.ts'
import type { Encoder } from '../ports/encoder.ts'
import type { Draw, WeightedComponent } from './draw.ts'
import type { ConditionOptions, DrawOptions, Embedding, MaskOptions, Mixture } from './mixture.ts'

interface CallOptions {
  readonly signal?: AbortSignal
}

/** A mixture together with its encoder: the methods of `Mixture` on texts. Keeps the embeddings of recent inputs. */
export class BoundMixture {
  readonly mixture: Mixture
  readonly encoder: Encoder
  readonly #recent = new Map<string, Embedding>()
  readonly #capacity = 1024

  /** @throws EncoderMismatchError for an encoder other than the one the mixture was fitted with. */
  constructor(mixture: Mixture, encoder: Encoder) {
    const { id, dimension } = mixture.encoder
    if (encoder.id !== id || encoder.dimension !== dimension) {
      throw new EncoderMismatchError({
        expected: `${id} (dimension ${dimension})`,
        found: `${encoder.id} (dimension ${encoder.dimension})`,
      })
    }
    this.mixture = mixture
    this.encoder = encoder
  }

  /** h(x), from memory where the text was encoded before. */
  async embed(input: string, options: CallOptions = {}): Promise<Embedding> {
    const known = this.#recent.get(input)
    if (known !== undefined) return known
    const { embeddings } = await this.encoder.encode([input], options)
    const embedding = embeddings[0] as Embedding
    if (this.#recent.size >= this.#capacity) {
      for (const oldest of this.#recent.keys()) {
        this.#recent.delete(oldest)
        break
      }
    }
    this.#recent.set(input, embedding)
    return embedding
  }

  /** π(x), K values. */
  async personaWeights(input: string, options: CallOptions & ConditionOptions = {}): Promise<Float64Array> {
    return this.mixture.personaWeights(await this.embed(input, options), options)
  }

  /** Ω_k·(x), J values. */
  async exemplarWeights(
    input: string,
    persona: number,
    options: CallOptions & MaskOptions = {},
  ): Promise<Float64Array> {
    return this.mixture.exemplarWeights(await this.embed(input, options), persona, options)
  }

  async draw(input: string, options: CallOptions & DrawOptions): Promise<Draw> {
    return this.mixture.draw(await this.embed(input, options), options)
  }

  async top(
    input: string,
    count: number,
    options: CallOptions & MaskOptions & ConditionOptions = {},
  ): Promise<WeightedComponent[]> {
    return this.mixture.top(await this.embed(input, options), count, options)
  }
}

/** The same mixture on texts. @throws EncoderMismatchError for an encoder other than the one it was fitted with. */
export function bindEncoder(mixture: Mixture, encoder: Encoder): BoundMixture {
  return new BoundMixture(mixture, encoder)
}
