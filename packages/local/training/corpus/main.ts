import { createWriteStream } from 'node:fs'
import { once } from 'node:events'
import { parseArgs } from 'node:util'
import { seededRandom } from '../population/seeded-random.ts'
import { trainingGroups } from '../population/groups.ts'
import { backgroundWords } from '../population/shipped-society.ts'
import { madeUpQuestion, madeUpVocabulary, repeatedRun } from './copying-documents.ts'
import { shapes, type TrainingDocument } from './document.ts'
import { interviewDocument, societyDocument, type Background } from './society-documents.ts'

/** Shares of the shapes, in the order of `shapes`, among what the society says and among made-up texts. */
const societyShapes = [0.08, 0.2, 0.28, 0.34, 0.08, 0.02]
const madeUpShapes = [0.03, 0.15, 0.35, 0.35, 0.1, 0.02]

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    documents: { type: 'string', default: '200000' },
    /** Share of interviews among the documents. */
    interviews: { type: 'string', default: '0' },
    out: { type: 'string' },
  },
})
if (values.out === undefined) throw new Error('--out FILE is missing')

const random = seededRandom(Number(values.seed))
const interviews = Number(values.interviews)
const texts = 3000
const background: Background = {
  words: backgroundWords(trainingGroups, texts, random.fork('background')),
  texts,
}
const file = createWriteStream(values.out)
for (let index = 0; index < Number(values.documents); index++) {
  const own = random.fork(`document ${index}`)
  const interview = interviews > 0 && own.chance(interviews)
  const kind = own.weighted([0.7, 0.1, 0.17, 0.03])
  const shape = shapes[own.weighted(kind === 0 ? societyShapes : madeUpShapes)] ?? 'both'
  const document: TrainingDocument = interview
    ? interviewDocument(own)
    : kind === 0
      ? societyDocument(shape, background, own)
      : kind === 1
        ? madeUpQuestion(shape, own)
        : kind === 2
          ? madeUpVocabulary(shape, background, own)
          : repeatedRun(own)
  if (!file.write(`${JSON.stringify(document)}\n`)) await once(file, 'drain')
}
file.end()
await once(file, 'finish')
