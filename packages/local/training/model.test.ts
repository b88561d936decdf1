import { readFileSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { getLlama, LlamaLogLevel, type Llama, type LlamaModel, type Token } from 'node-llama-cpp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

interface Fixture {
  readonly strings: readonly { readonly text: string; readonly ids: readonly number[] }[]
  readonly scores: readonly {
    readonly prompt_ids: readonly Token[]
    readonly answer_ids: readonly Token[]
    readonly log_probability_with_end: number
  }[]
}

const path = fileURLToPath(new URL('../model/mop-society-v2.gguf', import.meta.url))
/** Written by fixture.py: what PyTorch and the `tokenizers` library make of the model before its export. */
const fixture = JSON.parse(
  readFileSync(new URL('./model.reference.json', import.meta.url), 'utf8'),
) as Fixture

describe('the shipped model', () => {
  let llama: Llama
  let model: LlamaModel

  beforeAll(async () => {
    llama = await getLlama({ gpu: false, build: 'never', logLevel: LlamaLogLevel.error })
    model = await llama.loadModel({ modelPath: path })
  })

  afterAll(async () => {
    await llama.dispose()
  })

  it('is at most 12 MB', () => {
    expect(statSync(path).size).toBeLessThanOrEqual(12_000_000)
  })

  it('tokenises as in training', () => {
    for (const { text, ids } of fixture.strings)
      expect([text, [...model.tokenize(text)]]).toEqual([text, ids])
  })

  it('has control tokens for turns and ends with <|end|>', () => {
    const marks = ['<|end|>', '<|system|>', '<|user|>', '<|assistant|>']
    expect(model.tokenize(marks.join(''), true)).toHaveLength(4)
    expect(model.tokens.eosString).toBe('<|end|>')
    expect(model.tokens.shouldPrependBosToken).toBe(false)
  })

  it('gives the log-probabilities that PyTorch gives, up to F16', async () => {
    const context = await model.createContext({ contextSize: 1024, threads: 1 })
    const sequence = context.getSequence()
    const end = model.tokenize('<|end|>', true)[0]
    if (end === undefined) throw new Error('no <|end|> token')
    for (const { prompt_ids, answer_ids, log_probability_with_end } of fixture.scores) {
      const said = [...answer_ids, end]
      const scored = [...prompt_ids, ...answer_ids].map((token, index) => {
        const next = said[index - prompt_ids.length + 1]
        if (next === undefined) return token
        const logits = { filter: { tokens: [next], includeTop: 1 } }
        const options = { temperature: 1, topK: 0, topP: 1, minP: 0 }
        return [token, { generateNext: { logits, totalLogitWeight: true, options } }] as const
      })
      await sequence.clearHistory()
      const results = await sequence.controlledEvaluate(
        scored as Parameters<typeof sequence.controlledEvaluate>[0],
      )
      let total = 0
      for (const [index, next] of said.entries()) {
        const { logits, totalLogitWeight } = results[prompt_ids.length - 1 + index]?.next ?? {}
        if (logits === undefined || totalLogitWeight === undefined) throw new Error(`no logits at ${index}`)
        total += (logits.get(next) ?? Number.NaN) - Math.max(...logits.values()) - Math.log(totalLogitWeight)
      }
      expect(Math.abs(total - log_probability_with_end)).toBeLessThan(0.05)
    }
    await context.dispose()
  })
})
