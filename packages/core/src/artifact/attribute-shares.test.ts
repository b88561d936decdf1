import { describe, expect, test } from 'vitest'
import { exampleMixture } from '../testing/example-mixture.ts'
import { loadMixture } from './load-mixture.ts'
import { saveMixture } from './save-mixture.ts'

const mixture = exampleMixture()

describe('attribute shares in an artifact', () => {
  test('come back as they were', async () => {
    const { mixture: loaded, contains } = await loadMixture(await saveMixture(mixture))
    expect(loaded.attributes).toEqual(mixture.attributes)
    expect(contains.attributeShares).toBe(true)
  })

  test('are left out with the texts', async () => {
    const text = await saveMixture(mixture, { exemplarTexts: 'omit' })
    expect(text).not.toContain('young')
  })

  test('that are no shares are refused', async () => {
    const edited = (await saveMixture(mixture)).replace(/("probabilities": ")[A-Za-z0-9+/]{8}/, '$1AAAAAAAA')
    await expect(loadMixture(edited, { allowEdited: true })).rejects.toThrow(
      'attributeShares[0].probabilities',
    )
  })
})
