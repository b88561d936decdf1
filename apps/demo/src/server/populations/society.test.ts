import { statSync } from 'node:fs'
import { chatTemplate } from '@mop/core'
import { loadRecords } from '@mop/core/readers'
import { loadLocalModel } from '@mop/local'
import { expect, it } from 'vitest'
import { readFittedMixture } from './fitted-mixture.ts'
import { societyFiles, societyPersonas } from './society.ts'

it('has a mixture of the model, the encoder, the personas and the records of today', async () => {
  const fitted = await readFittedMixture(societyFiles.mixture)
  await using model = await loadLocalModel()
  const { records } = await loadRecords(societyFiles.records)
  const { mixture } = fitted?.bound ?? {}
  // Where this fails, something it depends on has changed: run `node apps/demo/src/server/fit-shipped.ts`.
  expect(mixture?.provenance).toMatchObject({ scorer: model.id, template: chatTemplate.id })
  expect(mixture?.personas).toEqual(await societyPersonas())
  const byId = new Map(records.map((record) => [record.id, record]))
  expect(mixture?.exemplars).toHaveLength(24)
  for (const { id, input, output } of mixture?.exemplars ?? []) {
    expect(byId.get(id)).toMatchObject({ input, output })
  }
  const weights = await fitted?.bound.personaWeights('Review a film.')
  expect(weights?.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 9)
})

it('has a small mixture', () => {
  expect(statSync(societyFiles.mixture).size).toBeLessThan(500_000)
})
