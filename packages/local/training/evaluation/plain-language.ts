import { readFileSync } from 'node:fs'
import type { LikelihoodScorer } from '@mop/core'
import { shippedGroups } from '../population/groups.ts'
import type { SeededRandom } from '../population/seeded-random.ts'
import { freeText } from './group-classifier.ts'

/** Mean bits per byte of texts as answers to an empty prompt: 8 says that nothing is known. */
async function bitsPerByte(scorer: LikelihoodScorer, texts: readonly string[]): Promise<number> {
  const messages = [{ role: 'user' as const, content: 'Write something.' }]
  const { scores } = await scorer.score(
    texts.map((continuation) => ({ messages, continuation })),
    { temperatures: [1] },
  )
  const nats = scores.reduce((sum, { logLikelihoods }) => sum - (logLikelihoods[0] ?? Number.NaN), 0)
  return nats / Math.LN2 / texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0)
}

/** What becomes of text outside the society: prose of this repository, other scripts, noise. */
export async function plainLanguage(
  scorer: LikelihoodScorer,
  random: SeededRandom,
): Promise<Readonly<Record<string, number>>> {
  const prose = readFileSync(new URL('../../../core/README.md', import.meta.url), 'utf8')
    .split(/\n\n/)
    .filter((text) => /^[A-Z][^`|#]{80,400}$/s.test(text))
  const noise = Array.from({ length: 20 }, () =>
    Array.from({ length: 60 }, () => String.fromCharCode(33 + random.integer(94))).join(''),
  )
  const foreign = [
    'Ich weiß nicht, was soll es bedeuten.',
    'Où est la gare ?',
    '東京は今日も雨です。',
    'Привет, как дела?',
    '🎉🎉 ¡Qué día!',
  ]
  return {
    'the society': await bitsPerByte(
      scorer,
      Array.from({ length: 100 }, () => freeText(random.pick(shippedGroups), random)),
    ),
    'prose of this repository': await bitsPerByte(scorer, prose),
    'other languages': await bitsPerByte(scorer, foreign),
    'random characters': await bitsPerByte(scorer, noise),
  }
}
