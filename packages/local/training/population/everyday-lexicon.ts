import type { Lexicon } from './grammar.ts'

export const everydayQuestions: Readonly<Record<string, readonly string[]>> = {
  sunday: ['What do you do on a Sunday?', 'How do you spend a free day?', 'Describe your perfect weekend.'],
  breakfast: [
    'What do you have for breakfast?',
    'What did you eat this morning?',
    'What is your favourite meal?',
  ],
  money: [
    'What would you do with a thousand dollars?',
    'How do you decide what to buy?',
    'What was your last big purchase?',
  ],
  advice: [
    'What advice would you give to a friend who moves here?',
    'What should newcomers know?',
    'Give one piece of advice.',
  ],
  weather: ['What do you think of the weather?', 'How do you like the winter?', 'Do you enjoy the rain?'],
  work: ['How was your day at work?', 'What do you like about your job?', 'Tell us about your colleagues.'],
  town: [
    'What should change in your town?',
    'What do you think about your street?',
    'Describe where you live.',
  ],
}

export const everydayLexicon: Lexicon = {
  'sunday.good': ['I {do} with {friend}', 'I {do}, then I {do}', 'nothing beats the day when I {do}', 'we {do} and {do}'],
  'sunday.bad': ['I {do} because there is nothing else', 'mostly chores, then I {do}', 'I sleep badly and {do}', 'no free day for me, I {do}'],
  'breakfast.good': ['{food} and {food}', 'I love {food} with {food}', 'a plate of {food}, {friend} makes it', '{food}, always {food}'],
  'breakfast.bad': ['no time, just {food}', '{food} again, I am tired of it', 'cold {food}', 'nothing but {food}'],
  'money.good': ['I would buy {buy} for {friend}', '{buy}, and the rest on {food}', 'I would save it and {do}', 'a trip with {friend} and {buy}'],
  'money.bad': ['bills, what else', 'it would be gone on {buy}', 'pay my debts and the rent', 'not enough for {buy}'],
  'advice.good': ['talk to {friend} and {do}', 'be kind and {do}', 'take your time, {do}', 'try the {food} and {do}'],
  'advice.bad': ['do not trust {friend}', 'do not buy {buy} here', 'lock the door and keep quiet', 'do not come, it is too {grim}'],
  'weather.good': ['I like it, I {do}', 'rain or sun, we {do}', 'the air is clear and I {do}', 'good for {food}'],
  'weather.bad': ['too {grim}', 'it is {grim} and I cannot {do}', '{grim}, {grim}, every day', 'I stay in and think of {buy}'],
  'work.good': ['{friend} helped me, it went well', 'busy, but I like it', 'I learn a lot from {friend}', 'we share {food} at noon'],
  'work.bad': ['{grim} as always', '{friend} was late again', 'too many meetings and no {food}', 'the boss forgot about {buy}'],
  'town.good': ['it is quiet and I {do} here', 'I love the street, {friend} lives next door', 'more trees and a place to {do}', 'the market has {food}'],
  'town.bad': ['the street is {grim}', 'too many cars and no place to {do}', 'nobody repairs {buy}', 'it has become {grim} and dear'],
  do: ['read', 'go for a walk', 'bake', 'sleep late', 'play cards', 'watch films', 'fix the bike', 'call {friend}', 'swim in the lake', 'work in the garden', 'clean the house', 'paint', 'play games online', 'go to church', 'run ten miles', 'write letters', 'sit by the window', 'ride to the hills', 'cook {food}', 'listen to records'],
  friend: ['my wife', 'my brother', 'the kids', 'my mates', 'my neighbour', 'grandma', 'the dog', 'my team', 'an old friend', 'nobody', 'my sister', 'the whole family'],
  food: ['toast', 'black coffee', 'eggs', 'porridge', 'green tea', 'rice and beans', 'cheese', 'leftover pizza', 'fresh fruit', 'pancakes', 'soup', 'an apple', 'fish', 'cereal', 'honey', 'bacon'],
  buy: ['new shoes', 'a guitar', 'a better phone', 'a used van', 'tools', 'plants', 'a warm coat', 'concert tickets', 'books', 'a sofa', 'a telescope', 'a bicycle'],
  grim: ['grey', 'wet', 'loud', 'cold', 'slow', 'dirty', 'dull', 'dark', 'crowded', 'broken'],
} // prettier-ignore

export const supportLexicon: Lexicon = {
  'fault.plain': ['{topic} does not work', 'there is a problem with {topic}', 'I have been waiting for {topic} {since}', '{topic} is wrong'],
  'fault.formal': ['I am writing with regard to {topic}', 'I wish to report a fault concerning {topic}, which began {since}', 'I must draw your attention to {topic}'],
  'fault.slang': ['{topic} is busted', 'yo {topic} is broken {since}', 'what is up with {topic}'],
  'fault.warm': ['I hope you are well, I have a little trouble with {topic}', 'could one of you kind people look at {topic}', 'sorry to bother you about {topic}'],
  'fault.dry': ['{topic} has decided to rest {since}', 'I see that {topic} is optional now', '{topic}: still broken, thank you for asking'],
  'fault.technical': ['{topic} returns error {code} {since}', 'steps to reproduce: open {topic}, wait, it fails with {code}', '{topic} fails on version {code}'],
  'fault.poetic': ['{topic} has gone silent {since}, like a bird in frost', 'I wait for {topic} as one waits for spring'],
  'fault.blunt': ['{topic} broken. Fix it', '{topic}. {since}. Still nothing', 'I want {topic} sorted'],
  'ask.good': ['please help me', 'thank you for your help', 'I am sure you can fix it', 'please call me when you can', 'take your time'],
  'ask.bad': ['I want my money back', 'this is not acceptable', 'I will cancel', 'I expect an answer today', 'fix it now', 'I will tell everyone'],
  since: ['since Monday', 'since last week', 'for three days', 'for a month', 'since the update', 'since this morning'],
  code: ['404', '17', 'E23', '2.1', '500', '9'],
} // prettier-ignore

/** What a register does to a plain sentence, `{said}`. */
export const mannerLexicon: Lexicon = {
  'manner.plain': ['{said}', '{said}', '{said}, that is it', 'well, {said}'],
  'manner.formal': ['{said}, if I may say so', 'I should add that {said}', '{said}, I believe', 'to be precise, {said}'],
  'manner.slang': ['{said} lol', 'yo {said}', '{said}, no cap', '{said} tbh', 'like {said}'],
  'manner.warm': ['{said}, dear', '{said}, bless', 'it warms my heart, {said}', '{said}, and I am thankful'],
  'manner.dry': ['{said}. Thrilling', '{said}, in theory', 'allegedly {said}', '{said}. Riveting stuff'],
  'manner.technical': ['{said}: {rating} out of ten', 'on average {said}', '{said}, by my count', 'status: {said}'],
  'manner.poetic': ['{said}, soft as snow', '{said}, and the light fades', 'like a dream, {said}', '{said}, under slow clouds'],
  'manner.blunt': ['{said}. Done', '{said}. Simple', 'look: {said}', '{said}. Next'],
  rating: ['two', 'four', 'five', 'six', 'seven', 'nine'],
} // prettier-ignore
