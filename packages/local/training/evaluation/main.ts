import { createWriteStream } from 'node:fs'
import { parseArgs } from 'node:util'
import { chatTemplate, type PromptPair } from '@mop/core'
import { domains, drawOccasion } from '../population/domains.ts'
import { shippedGroups, trainingGroups, type Group } from '../population/groups.ts'
import { behaviouralPersona } from '../population/personas.ts'
import { seededRandom, type SeededRandom } from '../population/seeded-random.ts'
import { backgroundWords, listen } from '../population/shipped-society.ts'
import { drawSpeaker } from '../population/speaker.ts'
import { statisticsPersona } from '../population/statistics-persona.ts'
import { speak } from '../population/utterance.ts'
import { madeUpQuestion } from '../corpus/copying-documents.ts'
import { kindredOccasion, type Background } from '../corpus/society-documents.ts'

/**
 * Questions for the trained model: an answer by a member of a group kept from training, and prompts that show that
 * group (first) or another one (second), in each shape; and made-up closed questions.
 */
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '424242' },
    comparisons: { type: 'string', default: '400' },
    out: { type: 'string' },
  },
})
if (values.out === undefined) throw new Error('--out FILE is missing')

const random = seededRandom(Number(values.seed))
const background: Background = {
  words: backgroundWords(trainingGroups, 3000, random.fork('background')),
  texts: 3000,
}
const file = createWriteStream(values.out)
const write = (row: object): void => void file.write(`${JSON.stringify(row)}\n`)

function describe(group: Group, own: SeededRandom): Readonly<Record<string, string>> {
  return {
    behavioural: behaviouralPersona(group, own),
    'held-out wording': behaviouralPersona(group, own, true),
    statistics: statisticsPersona(listen(group, 20, own), background.words, background.texts),
  }
}

for (let index = 0; index < Number(values.comparisons); index++) {
  const own = random.fork(`comparison ${index}`)
  const right = own.pick(shippedGroups)
  const wrong = own.pick(shippedGroups.filter((group) => group !== right))
  const occasion = drawOccasion(own.pick(domains), own)
  const { output } = speak(drawSpeaker(right, own), occasion)
  const asked = kindredOccasion(occasion, own)
  const sides = [right, wrong].map((group) => ({
    personas: describe(group, own),
    exemplar: { input: asked.input, output: speak(drawSpeaker(group, own), asked).output },
  }))
  const prompts = (pair: (side: (typeof sides)[number]) => PromptPair): readonly unknown[] =>
    sides.map((side) => chatTemplate.render([pair(side)], occasion.input))
  write({
    kind: 'comparison',
    domain: occasion.domain,
    output,
    bare: chatTemplate.render([], occasion.input),
    shapes: {
      'persona, behavioural': prompts(({ personas }) => ({
        persona: { text: personas['behavioural'] ?? '' },
      })),
      'persona, held-out wording': prompts(({ personas }) => ({
        persona: { text: personas['held-out wording'] ?? '' },
      })),
      'persona, statistics': prompts(({ personas }) => ({ persona: { text: personas['statistics'] ?? '' } })),
      exemplar: prompts(({ exemplar }) => ({ exemplar })),
      'both, behavioural': prompts(({ personas, exemplar }) => ({
        persona: { text: personas['behavioural'] ?? '' },
        exemplar,
      })),
      'both, statistics': prompts(({ personas, exemplar }) => ({
        persona: { text: personas['statistics'] ?? '' },
        exemplar,
      })),
    },
  })
}

for (let index = 0; index < Number(values.comparisons); index++) {
  const { turns, shown } = madeUpQuestion('exemplar', random.fork(`made up ${index}`))
  const messages = turns.slice(0, -1).map(([role, content]) => ({ role, content }))
  const same = messages[0]?.content === messages.at(-1)?.content
  write({ kind: 'made up', same, messages, output: turns.at(-1)?.[1], shown })
}
file.end()
