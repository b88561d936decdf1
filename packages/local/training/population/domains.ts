import type { SeededRandom } from './seeded-random.ts'
import { drawClosedQuestion } from './closed-answer.ts'
import type { ClosedQuestion } from './closed-questions.ts'
import { expand, type Chooser } from './grammar.ts'
import { newsTopics } from './news-lexicon.ts'
import { everydayQuestions } from './everyday-lexicon.ts'
import { indexInScope, isHeldOutTopic, type TopicScope } from './topic-scope.ts'

export const domains = ['restaurant', 'film', 'product', 'support', 'news', 'everyday', 'survey'] as const
export type Domain = (typeof domains)[number]

/** One thing that is asked of a population. */
export interface Occasion {
  readonly domain: Domain
  readonly input: string
  /** What it is about: sentiment may depend on it. */
  readonly topic: string
  /** Where the input itself asks for praise or blame. */
  readonly polarity?: 'good' | 'bad'
  readonly question?: ClosedQuestion
  /** Whether training shows the topic. */
  readonly trained: boolean
}

const topics: Readonly<Record<string, readonly string[]>> = {
  restaurant: ['an Italian restaurant', 'a burger bar', 'a sushi place', 'a small cafe', 'a vegan kitchen', 'a steak house', 'a food truck', 'a pizza place', 'a hotel breakfast', 'a Thai restaurant', 'a village pub', 'a bakery'],
  film: ['a comedy', 'a thriller', 'a love story', 'a war film', 'a cartoon', 'a horror film', 'a documentary', 'a western', 'a musical', 'a space adventure', 'a crime film', 'a silent film'],
  product: ['a kettle', 'a pair of headphones', 'a vacuum cleaner', 'a backpack', 'a phone', 'a desk lamp', 'a lawn mower', 'a coffee machine', 'a winter coat', 'a keyboard', 'a bicycle pump', 'a mattress'],
  support: ['my order', 'my password', 'the invoice', 'the internet connection', 'a refund', 'the app', 'the printer', 'my account', 'the heating', 'a broken screen', 'the delivery', 'my subscription'],
} // prettier-ignore

const requests: Readonly<Record<string, readonly string[]>> = {
  restaurant: ['What did you think of {topic}?', 'Write [one sentence of |]a restaurant review.', 'Review {topic}.', 'You ate at {topic}. How was it?', 'Tell us about your visit to {topic}.', 'Write a {polar} restaurant review.', 'Write one sentence of a {polar} review of {topic}.'],
  film: ['What did you think of {topic}?', 'Write a [sentence from a |]film review.', 'Review {topic}.', 'You have just seen {topic}. Was it any good?', 'Write a {polar} sentence about {topic}.', 'Write a {polar} movie review.'],
  product: ['What do you think of {topic} you bought?', 'Write a product review of {topic}.', 'Review {topic}.', 'Would you buy {topic} again?', 'Write a {polar} review of {topic}.'],
  support: ['Write a message to customer support about {topic}.', 'You have a problem with {topic}. Write to us.', 'How can we help you with {topic}?', 'Describe your problem with {topic}.'],
  news: ['Write a news item about {topic}.', 'Write a headline and one sentence about {topic}.', 'What is new in {topic}?', '{topic} news, please.'],
} // prettier-ignore

export function drawOccasion(domain: Domain, random: SeededRandom, scope: TopicScope = 'all'): Occasion {
  const pickTopic = (list: readonly string[]): readonly [string, boolean] => {
    const index = indexInScope(scope, list.length, random)
    return [list[index] ?? '', !isHeldOutTopic(index, list.length)]
  }
  if (domain === 'survey') return surveyOccasion(drawClosedQuestion(random, scope))
  if (domain === 'everyday') {
    const [topic, trained] = pickTopic(Object.keys(everydayQuestions))
    return { domain, input: random.pick(everydayQuestions[topic] ?? []), topic, trained }
  }
  const [topic, trained] = pickTopic(domain === 'news' ? newsTopics : (topics[domain] ?? []))
  const uniform: Chooser = { choose: (_, alternatives) => random.integer(alternatives) }
  const polarity = random.chance(0.5) ? 'good' : 'bad'
  const request = random.pick(requests[domain] ?? [])
  const lexicon = { topic: [topic], polar: [polarity === 'good' ? 'positive' : 'negative'] }
  const input = expand(request, lexicon, uniform)
  const shown = input.charAt(0).toUpperCase() + input.slice(1)
  return request.includes('{polar}')
    ? { domain, input: shown, topic, trained, polarity }
    : { domain, input: shown, topic, trained }
}

export function surveyOccasion(question: ClosedQuestion): Occasion {
  const { axis, choices, listed, trained } = question
  const input = listed ? `${question.question} Options: ${choices.join(', ')}.` : question.question
  return { domain: 'survey', input, topic: axis, trained, question }
}
