export const lengths = ['very short', 'short', 'medium', 'long'] as const
export const registers = ['plain', 'formal', 'slang', 'warm', 'dry', 'technical', 'poetic', 'blunt'] as const
export const punctuations = [
  'plain',
  'exclaiming',
  'trailing',
  'dashes',
  'lowercase',
  'capitals',
  'unpunctuated',
] as const
export const aspects = [
  'price',
  'speed',
  'people',
  'quality',
  'comfort',
  'look',
  'novelty',
  'tradition',
] as const
export const axes = ['strict', 'active', 'satisfied', 'trusting', 'modern', 'thrifty'] as const
export const answerStyles = ['plain', 'extreme', 'middle', 'agreeing'] as const

export type Length = (typeof lengths)[number]
export type Register = (typeof registers)[number]
export type Punctuation = (typeof punctuations)[number]
export type Aspect = (typeof aspects)[number]
export type Axis = (typeof axes)[number]
export type AnswerStyle = (typeof answerStyles)[number]

/** How the members of a group write and decide. */
export interface Traits {
  /** Tendency to praise, −1 (always complains) to 1 (always praises). */
  readonly positivity: number
  readonly length: Length
  readonly register: Register
  readonly punctuation: Punctuation
  /** What they look at first, and second. */
  readonly focus: readonly [Aspect, Aspect]
  /** Catchphrases; empty for none. */
  readonly opener: string
  readonly closer: string
  /** Share of sentences with a hedge. */
  readonly hedging: number
  /** Share of words misspelt. */
  readonly typos: number
  /** Position on each axis of opinion, −1 to 1. */
  readonly opinions: Readonly<Record<Axis, number>>
  readonly answerStyle: AnswerStyle
}
