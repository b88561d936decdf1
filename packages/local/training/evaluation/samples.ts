import { bindEncoder, chatTemplate, createRandom, promptPairs, type TextGenerator } from '@mop/core'
import type { GenerateRequest, PromptPair } from '@mop/core'
import type { Recovery } from './recovery.ts'

export interface Samples {
  readonly input: string
  readonly members: readonly string[]
  readonly bare: readonly string[]
  /** Each persona in turn, without an exemplar. */
  readonly persona: readonly string[]
  readonly mixture: readonly string[]
}

/** Responses to `inputs`, `each` of every kind, in the order drawn: nothing chosen, nothing left out. */
export async function drawSamples(
  { mixture, encoder, heldOut }: Pick<Recovery, 'mixture' | 'encoder' | 'heldOut'>,
  generator: TextGenerator,
  inputs: number,
  each: number,
): Promise<readonly Samples[]> {
  const bound = bindEncoder(mixture, encoder)
  const free = Map.groupBy(
    heldOut.filter(({ choices }) => choices === undefined),
    ({ input }) => input,
  )
  const asked = [...free].toSorted(([, a], [, b]) => b.length - a.length).slice(0, inputs)
  const samples: Samples[] = []
  for (const [input, records] of asked) {
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
      members: records.slice(0, each).map(({ output }) => output),
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
