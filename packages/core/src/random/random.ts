import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus'

/** A stream of random numbers. Always an explicit argument, never module state. */
export interface Random {
  /** Uniform in [0, 1), a multiple of 2⁻⁵³. Advances the stream. */
  next(): number
  /**
   * An independent stream named by `label`. It depends on this stream's seed and on the label only, not on
   * how far this stream has advanced, so that work can be resumed or reordered. Does not advance this stream.
   */
  fork(label: string): Random
}

/** Equal seeds give equal streams on every platform. `1` and `'1'` are different seeds. */
export function createRandom(seed: number | string): Random {
  return randomFromKey(hash([0x6d6f5021, 0x2b992ddf, 0x5a30f1b5, 0x1f83d9ab], `${typeof seed}:${seed}`))
}

type Key = readonly [number, number, number, number]

function randomFromKey(key: Key): Random {
  const generator = xoroshiro128plusFromState(key)
  return {
    next() {
      // The lowest bits of xoroshiro128+ are linear: each word gives its upper bits.
      const high = generator.next() >>> 5
      const low = generator.next() >>> 6
      return (high * 0x4000000 + low) * 2 ** -53
    },
    fork: (label) => randomFromKey(hash(key, `/${label}`)),
  }
}

/** Absorbs `text` into four 32-bit lanes that stir one another; injective enough for naming streams, not for secrecy. */
function hash(key: Key, text: string): Key {
  let [a, b, c, d] = key
  const absorb = (unit: number) => {
    a = mix(a ^ unit)
    b = mix((b + a) | 0)
    c = mix(c ^ b)
    d = mix((d + c) | 0)
    a = (a + d) | 0
  }
  for (let index = 0; index < text.length; index++) absorb(text.charCodeAt(index) + 1)
  absorb(0x10000 + text.length)
  absorb(0)
  // xoroshiro must not start from the all-zero state.
  return (a | b | c | d) === 0 ? [1, b, c, d] : [a, b, c, d]
}

/** The 32-bit finaliser of MurmurHash3 (Appleby, public domain): a bijection that avalanches. */
function mix(value: number): number {
  let word = value ^ (value >>> 16)
  word = Math.imul(word, 0x85ebca6b)
  word ^= word >>> 13
  word = Math.imul(word, 0xc2b2ae35)
  return word ^ (word >>> 16)
}
