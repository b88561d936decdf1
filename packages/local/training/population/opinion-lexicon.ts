import type { Lexicon } from './grammar.ts'

/** Praise and blame by register, shared by every domain in which something is judged. */
export const opinionLexicon: Lexicon = {
  'good.any': ['good', 'great', 'excellent', 'lovely', 'fine', 'wonderful', 'perfect', 'nice', 'superb', 'pleasant', 'solid', 'fantastic', 'charming', 'fresh', 'brilliant', 'splendid', 'amazing', 'delightful', 'impressive', 'satisfying'],
  'bad.any': ['bad', 'poor', 'awful', 'terrible', 'disappointing', 'weak', 'horrible', 'boring', 'dull', 'cold', 'dreadful', 'slow', 'sloppy', 'mediocre', 'dirty', 'tired', 'messy', 'bland', 'unpleasant', 'annoying'],
  'good.plain': ['good', 'really good', 'nice', 'very nice', 'great', 'fine', 'fresh', 'tasty', 'clean', 'easy', '{good.any}'],
  'bad.plain': ['bad', 'not good', 'too slow', 'poor', 'cold', 'dirty', 'boring', 'too loud', 'not worth it', '{bad.any}'],
  'good.formal': ['most satisfactory', 'commendable', 'of a high standard', 'exemplary', 'well considered', 'admirable', 'entirely adequate', 'consistently excellent', '{good.any}'],
  'bad.formal': ['unsatisfactory', 'regrettable', 'below the expected standard', 'inadequate', 'poorly considered', 'unacceptable', 'rather lacking', '{bad.any}'],
  'good.slang': ['fire', 'so sick', 'lit', 'a total vibe', 'unreal', 'top tier', 'goated', 'super chill', 'wicked', '{good.any}'],
  'bad.slang': ['trash', 'so mid', 'whack', 'a total flop', 'lame', 'cringe', 'dead', 'a rip off', 'sketchy', '{bad.any}'],
  'good.warm': ['so lovely', 'a real joy', 'just like home', 'heavenly', 'so kind', 'a blessing', 'adorable', 'full of heart', '{good.any}'],
  'bad.warm': ['such a shame', 'a bit of a let down', 'not what we hoped', 'rather sad', 'so cold', 'heartbreaking', '{bad.any}'],
  'good.dry': ['acceptable', 'not terrible', 'surprisingly competent', 'adequate', 'almost pleasant', 'better than nothing', '{good.any}'],
  'bad.dry': ['predictably awful', 'an experience', 'beyond parody', 'less than thrilling', 'technically present', 'a bold choice', '{bad.any}'],
  'good.technical': ['above average', 'within specification', 'efficient', 'reliable', 'well engineered', 'consistent', 'robust', 'optimal', '{good.any}'],
  'bad.technical': ['below average', 'out of specification', 'inefficient', 'unreliable', 'badly engineered', 'inconsistent', 'faulty', '{bad.any}'],
  'good.poetic': ['luminous', 'tender', 'golden', 'like summer rain', 'soft as dusk', 'full of quiet grace', 'radiant', '{good.any}'],
  'bad.poetic': ['grey', 'hollow', 'like ash in the wind', 'bitter', 'a faded echo', 'cold as a closed door', 'joyless', '{bad.any}'],
  'good.blunt': ['good', 'great', 'worth it', 'the best', 'spot on', 'top notch', 'right', '{good.any}'],
  'bad.blunt': ['bad', 'a joke', 'useless', 'garbage', 'a waste', 'wrong', 'the worst', 'pathetic', '{bad.any}'],
  much: ['very', 'really', 'quite', 'so', 'rather', 'truly', 'absolutely', 'pretty', 'incredibly', 'totally'],
  simile: ['an old song', 'a slow river', 'light through leaves', 'a letter never sent', 'the last train', 'salt on the tongue', 'snow on a warm road', 'a borrowed coat', 'smoke over the hills'],
  who: ['my wife', 'my husband', 'my son', 'my daughter', 'a friend', 'my mother', 'my neighbour', 'everyone', 'my boss', 'our group'],
  when: ['last night', 'on Sunday', 'last week', 'yesterday', 'this morning', 'for my birthday', 'after work', 'in the rain', 'twice now', 'on holiday'],
  number: ['two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'twenty'],
} // prettier-ignore

/**
 * Sentences by register and polarity. `{it}` is the thing's aspect ("the service"), `{good}` and `{bad}`
 * the register's own words, `{whole}` the thing itself ("this place"), `{because}` may recurse.
 */
export const opinionSentences: Readonly<Record<string, readonly string[]>> = {
  'plain.good': ['{it} was {good}', 'I [liked|enjoyed] {it}', '{it} was {good} and {it2} was {good}', 'we [liked|loved] {whole} {when}', 'I would [come back|do it again|recommend it]', '{it} was {good}{because}'],
  'plain.bad': ['{it} was {bad}', 'I did not like {it}', '{it} was {bad} and {it2} was {bad}', 'I was not happy with {it} {when}', 'I would not [go|do it|try it] again', '{it} was {bad}{because}'],
  'formal.good': ['I found {it} to be {good}', '{it} proved {good}{because}', 'one must commend {it}', 'I was [pleased|gratified] to find that {it} was {good}', 'moreover, {it} was {good}', 'I can recommend {whole} without reservation'],
  'formal.bad': ['I found {it} to be {bad}', '{it} proved {bad}{because}', 'I regret to say that {it} was {bad}', 'I must express my disappointment with {it}', 'furthermore, {it} was {bad}', 'I am unable to recommend {whole}'],
  'slang.good': ['{it} was [lowkey|straight up|hella] {good}', '{it} slaps', 'yo {whole} is {good}', '{it} hits different', 'big fan of {it} [lol|tbh|fr]', '{it} {good} ngl'],
  'slang.bad': ['{it} was [lowkey|straight up|hella] {bad}', '{it} ain\'t it', 'bro {whole} is {bad}', 'hard pass on {it}', 'nope {it} was {bad} [lol|tbh|smh]', '{it} {bad} ngl'],
  'warm.good': ['we all loved {it}', '{it} was {good}, thank you so much', '{who} said {it} was {good}', 'it made my day, {it} was {good}', '{it} felt {good}{because}', 'what a treat, {it} was {good}'],
  'warm.bad': ['we felt let down by {it}', '{it} was {bad}, I am sorry to say', '{who} was upset about {it}', 'we so wanted to love {whole}, but {it} was {bad}', '{it} felt {bad}{because}'],
  'dry.good': ['{it} was {good}, [against all odds|to my surprise|apparently]', '{it} did its job', 'nothing wrong with {it}, which is rare', 'I have seen worse than {it}', '{it} was {good}. I checked twice'],
  'dry.bad': ['{it} was {bad}, [naturally|of course|as expected]', '{it} exists', 'I have had more fun {wait}', 'if you enjoy disappointment, try {it}', '{it} was {bad}. Who knew'],
  'technical.good': ['{it} rates {number} out of ten: {good}', 'compared with the average, {it} is {good}', '{it} is {good} under load', 'measured over {number} visits, {it} was {good}', '{it} meets the requirement{because}'],
  'technical.bad': ['{it} rates {number} out of ten: {bad}', 'compared with the average, {it} is {bad}', '{it} fails under load', 'measured over {number} visits, {it} was {bad}', '{it} misses the requirement{because}'],
  'poetic.good': ['{it} lingers like {simile}', '{it} was {good}, {good}', 'in {whole} I found {simile}', 'there is something {good} in {it}', '{it} opens slowly, {good}, like {simile}'],
  'poetic.bad': ['{it} fades like {simile}', '{it} was {bad}, {bad}', 'in {whole} I lost {simile}', 'there is something {bad} in {it}', '{it} weighs on me, {bad}, like {simile}'],
  'blunt.good': ['{it} {good}', '{whole} works', 'go. {it} is {good}', '{it} is {good}, simple as that', 'get it. {good}'],
  'blunt.bad': ['{it} {bad}', '{whole} is {bad}', 'avoid. {it} is {bad}', '{it} is {bad}, plain and simple', 'skip it. {bad}'],
  because: ['', '', ' because {it2} was [just right|well done|what it was]', ' since {who} [chose|asked|paid]', ', even though {it2} was [late|missing|ordinary]', ' because {who} said that {it2} was [famous|cheap|new]{because}'],
  wait: ['waiting for a bus', 'filing taxes', 'watching paint dry', 'at the dentist', 'in traffic'],
} // prettier-ignore

/** What each aspect is called, by domain. */
export const aspectNouns: Readonly<Record<string, readonly string[]>> = {
  'restaurant.price': ['the bill', 'the price', 'the set menu', 'the lunch deal', 'the wine list'],
  'restaurant.speed': ['the wait', 'the service', 'the kitchen', 'the queue', 'the delivery'],
  'restaurant.people': ['the waiter', 'the staff', 'the owner', 'the waitress', 'the chef'],
  'restaurant.quality': ['the steak', 'the soup', 'the pasta', 'the fish', 'the chicken', 'the salad', 'the pizza', 'the bread', 'the curry', 'the coffee', 'the burger', 'the rice'],
  'restaurant.comfort': ['the table', 'the seats', 'the noise', 'the room', 'the terrace', 'the toilet'],
  'restaurant.look': ['the decor', 'the plates', 'the view', 'the garden', 'the lighting'],
  'restaurant.novelty': ['the tasting menu', 'the special', 'the fusion dish', 'the spicy sauce', 'the dessert'],
  'restaurant.tradition': ['the roast', 'the old recipe', 'the home cooking', 'the pie', 'the family menu'],
  'film.price': ['the ticket', 'the popcorn price', 'the rental', 'the budget'],
  'film.speed': ['the pace', 'the first hour', 'the cutting', 'the running time', 'the ending'],
  'film.people': ['the cast', 'the lead actor', 'the hero', 'the villain', 'the director', 'the young star'],
  'film.quality': ['the story', 'the script', 'the dialogue', 'the plot', 'the acting', 'the humour', 'the drama'],
  'film.comfort': ['the mood', 'the soundtrack', 'the music', 'the cinema', 'the sound'],
  'film.look': ['the camera work', 'the costumes', 'the colours', 'the effects', 'the landscape'],
  'film.novelty': ['the twist', 'the idea', 'the style', 'the premise', 'the concept'],
  'film.tradition': ['the romance', 'the remake', 'the old style', 'the family scenes', 'the classic feel'],
  'product.price': ['the price', 'the discount', 'the shipping cost', 'the refill price', 'the value'],
  'product.speed': ['the delivery', 'the setup', 'the charging', 'the response', 'the start up time'],
  'product.people': ['the customer service', 'the seller', 'the helpline', 'the courier', 'the repair man'],
  'product.quality': ['the battery', 'the material', 'the motor', 'the screen', 'the finish', 'the handle', 'the stitching', 'the lid'],
  'product.comfort': ['the fit', 'the grip', 'the noise', 'the weight', 'the padding'],
  'product.look': ['the colour', 'the shape', 'the design', 'the packaging', 'the logo'],
  'product.novelty': ['the app', 'the new feature', 'the sensor', 'the touch control', 'the update'],
  'product.tradition': ['the manual', 'the warranty', 'the old model', 'the brand', 'the spare part'],
} // prettier-ignore
