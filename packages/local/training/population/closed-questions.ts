import type { Lexicon } from './grammar.ts'
import type { Axis } from './traits.ts'

/** Ordinal scales, lowest first. */
export const scales: Readonly<Record<string, readonly (readonly string[])[]>> = {
  frequency: [
    ['Never', 'Rarely', 'Sometimes', 'Often', 'Always'],
    ['Never', 'Once a year', 'Once a month', 'Once a week', 'Every day'],
    ['Not at all', 'Now and then', 'Most days'],
    ['Less than once a month', 'A few times a month', 'A few times a week', 'Daily'],
  ],
  agreement: [
    ['Strongly disagree', 'Disagree', 'Neither', 'Agree', 'Strongly agree'],
    ['No', 'Not sure', 'Yes'],
    ['Disagree', 'Agree'],
    ['Definitely not', 'Probably not', 'Probably', 'Definitely'],
  ],
  satisfaction: [
    ['Very dissatisfied', 'Dissatisfied', 'Neutral', 'Satisfied', 'Very satisfied'],
    ['Poor', 'Fair', 'Good', 'Excellent'],
    ['1', '2', '3', '4', '5'],
    ['Worse than expected', 'As expected', 'Better than expected'],
  ],
  rudeness: [
    ['Not rude', 'A little rude', 'Very rude'],
    ['Fine', 'Slightly rude', 'Rude', 'Extremely rude'],
    ['No, it is fine', 'Yes, somewhat', 'Yes, very much'],
  ],
  importance: [
    ['Not important', 'Somewhat important', 'Very important'],
    ['Not at all', 'A little', 'A lot', 'More than anything'],
  ],
  count: [
    ['None', 'One', 'Two', 'Three or more'],
    ['0', '1 to 2', '3 to 5', 'More than 5'],
  ],
}

interface QuestionFamily {
  readonly axis: Axis
  /** −1 where a high choice means a low position on the axis. */
  readonly sign: 1 | -1
  readonly scale: keyof typeof scales
  readonly template: string
}

export const questionFamilies: readonly QuestionFamily[] = [
  { axis: 'active', sign: 1, scale: 'frequency', template: 'How often do you {activity}?' },
  {
    axis: 'active',
    sign: 1,
    scale: 'frequency',
    template: 'In a normal month, how often do you {activity}?',
  },
  {
    axis: 'active',
    sign: 1,
    scale: 'count',
    template: 'How many times did you {activity} [last week|this month]?',
  },
  { axis: 'modern', sign: 1, scale: 'frequency', template: 'How often do you {modernActivity}?' },
  { axis: 'modern', sign: 1, scale: 'agreement', template: 'Do you agree: {modernClaim}?' },
  { axis: 'modern', sign: -1, scale: 'agreement', template: 'Do you agree: {oldClaim}?' },
  { axis: 'strict', sign: 1, scale: 'rudeness', template: 'Is it rude to {offence}?' },
  { axis: 'strict', sign: 1, scale: 'rudeness', template: 'How rude is it to {offence}?' },
  { axis: 'strict', sign: 1, scale: 'agreement', template: 'Should people be fined if they {offence}?' },
  {
    axis: 'satisfied',
    sign: 1,
    scale: 'satisfaction',
    template: 'How satisfied are you with {institution}?',
  },
  { axis: 'satisfied', sign: 1, scale: 'satisfaction', template: 'How would you rate {institution}?' },
  { axis: 'trusting', sign: 1, scale: 'agreement', template: 'Do you trust {institution}?' },
  { axis: 'trusting', sign: 1, scale: 'agreement', template: 'Can most {people} be trusted?' },
  {
    axis: 'thrifty',
    sign: 1,
    scale: 'importance',
    template: 'How important is the price when you buy {goods}?',
  },
  {
    axis: 'thrifty',
    sign: -1,
    scale: 'frequency',
    template: 'How often do you buy {goods} [on impulse|brand new]?',
  },
  { axis: 'thrifty', sign: 1, scale: 'agreement', template: 'Do you compare prices before you buy {goods}?' },
]

export const questionLexicon: Lexicon = {
  activity: ['go for a walk', 'visit friends', 'do sport', 'travel by train', 'eat out', 'go dancing', 'swim', 'ride a bicycle', 'work in the garden', 'go to concerts', 'take a day trip', 'go hiking', 'play football', 'visit a museum', 'help a neighbour', 'cook for guests', 'fly', 'go camping'],
  modernActivity: ['shop online', 'use a chat bot', 'pay by phone', 'stream films', 'post photos', 'play video games', 'order food by app', 'work from home', 'listen to podcasts', 'use a smart watch', 'read news on a screen', 'make video calls'],
  modernClaim: ['cash should disappear', 'robots make life better', 'working from home is the future', 'every child should learn to code', 'electric cars are worth the price', 'new ideas matter more than old habits', 'paper books are a thing of the past'],
  oldClaim: ['life was better before the internet', 'children should learn to write by hand', 'shops should stay closed on Sundays', 'letters are nicer than messages', 'old buildings should never be torn down', 'people stare at screens too much'],
  offence: ['talk loudly on the phone', 'arrive late', 'eat on the train', 'put your feet on a seat', 'play music in the park', 'skip the queue', 'leave without saying goodbye', 'bring a dog to a cafe', 'wear a hat indoors', 'recline your seat', 'ask what somebody earns', 'send back a meal', 'read over a shoulder', 'park on the grass', 'take calls at dinner', 'whistle in the office'],
  institution: ['your job', 'the local buses', 'your bank', 'the town council', 'your doctor', 'the police', 'the newspapers', 'your internet provider', 'the schools here', 'your landlord', 'the government', 'the post office', 'your neighbourhood', 'the weather service', 'your phone company', 'the hospital'],
  people: ['strangers', 'neighbours', 'politicians', 'salesmen', 'scientists', 'drivers', 'journalists', 'managers'],
  goods: ['shoes', 'coffee', 'a phone', 'bread', 'furniture', 'a car', 'clothes', 'wine', 'books', 'a holiday', 'a gift', 'tools', 'toys', 'a bicycle', 'fruit', 'tickets'],
} // prettier-ignore

/** An asked closed question: which axis it measures, and the choices in order. */
export interface ClosedQuestion {
  readonly question: string
  /** Whether the asker names the choices. */
  readonly listed: boolean
  /** Whether training shows all of its words. */
  readonly trained: boolean
  readonly choices: readonly string[]
  readonly axis: Axis
  readonly sign: 1 | -1
  /** How far the average answer lies from the middle, in units of the axis. */
  readonly difficulty: number
}
