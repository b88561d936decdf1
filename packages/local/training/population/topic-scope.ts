import type { SeededRandom } from './seeded-random.ts'

/** Topics are lists; the last two of each (one of a short list) are kept from training. */
export const topicScopes = ['all', 'trained', 'held out'] as const
export type TopicScope = (typeof topicScopes)[number]

function heldOutTopics(topics: number): number {
  return topics >= 8 ? 2 : 1
}

/** Uniform index of a list of `topics` within the scope. */
export function indexInScope(scope: TopicScope, topics: number, random: SeededRandom): number {
  const trained = topics - heldOutTopics(topics)
  if (scope === 'all') return random.integer(topics)
  return scope === 'trained' ? random.integer(trained) : trained + random.integer(topics - trained)
}

/** Whether the topic at `index` is one that training does not show. */
export function isHeldOutTopic(index: number, topics: number): boolean {
  return index >= topics - heldOutTopics(topics)
}
