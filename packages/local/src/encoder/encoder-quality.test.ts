import { readFileSync } from 'node:fs'
import type { Encoder } from '@mop/core'
import { expect, test } from 'vitest'
import { fitLatentSemanticEncoder } from './latent-semantic-encoder.ts'

interface Said {
  readonly id: string
  readonly output: string
  readonly choices?: readonly string[]
}
type Labels = Readonly<Record<string, string>>

const read = (name: string): string => readFileSync(new URL(`../../data/${name}`, import.meta.url), 'utf8')
const said = read('society.jsonl')
  .trim()
  .split('\n')
  .map((line): Said => JSON.parse(line))
  .filter(({ choices }) => choices === undefined)
const { groupOf, domainOf }: { groupOf: Labels; domainOf: Labels } = JSON.parse(read('society.truth.json'))
const texts = said.map(({ output }) => output)
const groups = said.map(({ id }) => groupOf[id] ?? '')
const domains = said.map(({ id }) => domainOf[id] ?? '')

/** Share of texts whose nearest other text by cosine has their label. */
async function nearestAgrees(
  encoder: Encoder,
  outputs: readonly string[],
  labels: readonly string[],
): Promise<number> {
  const { embeddings } = await encoder.encode(outputs)
  const agreeing = embeddings.filter((embedding, item) => {
    let [best, nearest] = [-Infinity, item]
    for (const [other, candidate] of embeddings.entries()) {
      let similarity = other === item ? -Infinity : 0
      for (let k = 0; k < encoder.dimension; k++)
        similarity += (embedding[k] as number) * (candidate[k] as number)
      if (similarity > best) [best, nearest] = [similarity, other]
    }
    return labels[nearest] === labels[item]
  })
  return agreeing.length / outputs.length
}

// Each floor is 3 to 4 hundredths below what the encoder reaches; hashed signs of the same size reach 0.840 and 0.742.
test('who speaks and what about, on the texts it is fitted on: 0.861 and 0.802', async () => {
  const encoder = fitLatentSemanticEncoder(texts)
  expect(await nearestAgrees(encoder, texts, groups)).toBeGreaterThan(0.83)
  expect(await nearestAgrees(encoder, texts, domains)).toBeGreaterThan(0.77)
})

test('who speaks and what about, on texts it has not seen: 0.842 and 0.740', async () => {
  const half = texts.length >> 1
  const encoder = fitLatentSemanticEncoder(texts.slice(0, half))
  const unseen = texts.slice(half)
  expect(await nearestAgrees(encoder, unseen, groups.slice(half))).toBeGreaterThan(0.8)
  expect(await nearestAgrees(encoder, unseen, domains.slice(half))).toBeGreaterThan(0.7)
})
