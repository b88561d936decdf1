export type Tone = 'positive' | 'negative' | 'mixed' | 'neutral'

const positive = new Set(
  `admirable amazing appreciate appreciated attractive awesome beautiful beautifully best better brilliant
  charming cheerful clean clever comfortable compelling cosy cozy delicious delight delightful easy effective
  elegant engaging enjoy enjoyable enjoyed excellent exciting fabulous fantastic fascinating favorite favourite
  fine flawless fresh friendly fun funny generous genuine glad good gorgeous great happy heartwarming helpful
  honest impressed impressive interesting joy joyful liked likes love loved lovely loves moving nice
  outstanding perfect perfectly pleasant pleased pleasure powerful proud recommend recommended refreshing
  reliable satisfied satisfying smart smooth special splendid strong stunning success successful superb sweet
  tasty terrific thank thanks touching useful warm welcome win wins wonderful worth worthy wow`.split(/\s+/),
)

const negative = new Set(
  `angry annoyed annoying awful awkward bad badly bland boring broken careless cheap clumsy cold complain
  complaint confusing crap cruel damage damaged dead death delay delayed dirty disappoint disappointed
  disappointing disappointment disaster disgusting dishonest dreadful dreary dull embarrassing empty expensive
  fail failed fails failure fake fault fear flat forgettable fraud frustrated frustrating greasy gross hate hated
  hates hollow horrible horribly hurt ignored impossible inferior irritating lack lacking lacks lame late lazy
  loss lost mediocre mess messy miserable mistake nasty nonsense noisy offensive overpriced pain
  painful pathetic pointless poor poorly predictable problem problems rubbish rude ruined sad scam shallow shame
  sick slow sorry stale stupid suck sucked sucks terrible terribly tired tiresome ugly unacceptable unfair unhappy
  unpleasant upset useless waste wasted weak weird worse worst worthless wrong`.split(/\s+/),
)

const negations = new Set(['not', 'no', 'never', 'nothing', 'without', 'hardly', 'cannot'])

/**
 * The prevailing tone of texts, by a small list of English words of praise and blame; one of the two words before
 * that negates turns a word round. A text is positive or negative by its balance. Neutral where fewer than
 * 15% of the texts are either, mixed where neither side has 65% of those.
 *
 * A rough count, no sentiment model: it knows no irony, no idiom and no language but English (elsewhere: neutral).
 */
export function toneOf(texts: readonly (readonly string[])[]): Tone {
  let praising = 0
  let blaming = 0
  for (const words of texts) {
    let balance = 0
    for (const [index, word] of words.entries()) {
      const value = positive.has(word) ? 1 : negative.has(word) ? -1 : 0
      if (value === 0) continue
      const turned = [words[index - 1], words[index - 2]].some(
        (before) => before !== undefined && negates(before),
      )
      balance += turned ? -value : value
    }
    if (balance > 0) praising++
    if (balance < 0) blaming++
  }
  const judging = praising + blaming
  if (judging < 0.15 * texts.length || judging === 0) return 'neutral'
  if (praising >= 0.65 * judging) return 'positive'
  return blaming >= 0.65 * judging ? 'negative' : 'mixed'
}

function negates(word: string): boolean {
  return negations.has(word) || word.endsWith("n't")
}
