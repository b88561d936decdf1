import { bindEncoder, chatTemplate, createRandom, promptPairs, type TextGenerator } from '@mop/core'
import type { GenerateRequest, PromptPair } from '@mop/core'
import type { Occasion } from '../population/domains.ts'
import type { SeededRandom } from '../population/seeded-random.ts'
import type { CoverageArm } from './coverage.ts'
import { askMembers } from './members.ts'

export interface Samples {
  readonly input: string
  readonly members: readonly string[]
  readonly bare: readonly string[]
  /** Each persona in turn, without an exemplar. */
  readonly persona: readonly string[]
  readonly mixture: readonly string[]
}

/** Responses to what is asked, `each` of every kind, in the order drawn: nothing chosen, nothing left out. */
export async function drawSamples(
  { mixture, encoder, interestSpread }: CoverageArm,
  generator: TextGenerator,
  occasions: readonly Occasion[],
  each: number,
  members: SeededRandom,
): Promise<readonly Samples[]> {
  const bound = bindEncoder(mixture, encoder)
  const samples: Samples[] = []
  for (const occasion of occasions) {
    const { input } = occasion
    const random = createRandom(7).fork(input)
    const answer = async (
      pairsOf: (index: number) => Promise<readonly [readonly PromptPair[], number]>,
    ): Promise<readonly string[]> => {
      const requests: GenerateRequest[] = []
      for (let index = 0; index < each; index++) {
        const [pairs, temperature] = await pairsOf(index)
        const seed = Math.floor(random.fork(`seed ${index}`).next() * 2 ** 31)
        requests.push({ messages: chatTemplate.render(pairs, input), temperature, seed })
      }
      return (await generator.generate(requests)).generations.map(({ text }) => text)
    }
    samples.push({
      input,
      members: askMembers([occasion], each, interestSpread, members),
      bare: await answer(() => Promise.resolve([[], 1])),
      persona: await answer((index) => {
        const persona = mixture.personas[index % mixture.personas.length]
        return Promise.resolve([[{ persona }], mixture.temperatures[index % mixture.personas.length] ?? 1])
      }),
      mixture: await answer(async (index) => {
        const draw = await bound.draw(input, { random: random.fork(`draw ${index}`) })
        return [promptPairs(mixture, draw), draw.temperature]
      }),
    })
  }
  return samples
}
