import type { ScoreRequest } from '@mop/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadLocalModel } from '../engine/local-model.ts'
import type { LocalModel } from '../engine/local-model.ts'
import { shippedModelPath } from '../engine/model-file.ts'
import { randomModelFile } from '../testing/random-model-file.ts'
import { createLocalScorer } from './local-scorer.ts'

const path = randomModelFile({ vocabulary: 300 })
let model: LocalModel
beforeAll(async () => void (model = await loadLocalModel({ model: path })))
afterAll(() => model.dispose())

const temperatures = [0.5, 1, 1.7]

function requestsOfPairs(): ScoreRequest[] {
  const requests: ScoreRequest[] = []
  for (const persona of ['You like short answers.', 'You never say no, and you say so at length.']) {
    for (const exemplar of ['fine', 'it was not the best of times 😀']) {
      for (const input of ['the soup', 'the room upstairs', 'the soup']) {
        for (const continuation of ['good', 'rather good', '']) {
          requests.push({
            messages: [
              { role: 'system', content: persona },
              { role: 'user', content: 'the tea' },
              { role: 'assistant', content: exemplar },
              { role: 'user', content: input },
            ],
            continuation,
          })
        }
      }
    }
  }
  return requests
}

describe('log-likelihoods', () => {
  test('the probabilities of every possible next token sum to one at every temperature', async () => {
    const totals = temperatures.map(() => 0)
    const evaluate = {
      temperatures,
      segments: model.format.prompt([{ role: 'user', content: 'hello' }]).segments,
    }
    const last = evaluate.segments.at(-1)?.at(-1)
    if (last === undefined) throw new Error('empty prompt')
    await model.exclusive(async (evaluator) => {
      const prefix = [...evaluate.segments.slice(0, -1), evaluate.segments.at(-1)?.slice(0, -1) ?? []]
      await evaluator.advance(prefix, 1)
      for (let token = 0; token < model.vocabularySize; token++) {
        const score = await evaluator.score([last], [token as typeof last], temperatures, 1)
        for (const [grid, row] of score.entries())
          totals[grid] = (totals[grid] ?? 0) + Math.exp(row[0] ?? NaN)
      }
    })
    for (const total of totals) expect(total).toBeCloseTo(1, 5)
  })

  test('agree with the probabilities that the public evaluation of node-llama-cpp reports', async () => {
    const { getLlama, LlamaLogLevel } = await import('node-llama-cpp')
    const llama = await getLlama({ gpu: false, build: 'never', logLevel: LlamaLogLevel.disabled })
    const other = await llama.loadModel({ modelPath: path })
    const context = await other.createContext({
      contextSize: 512,
      threads: 1,
      flashAttention: false,
      experimentalKvCacheKeyType: 'F32',
      experimentalKvCacheValueType: 'F32',
    })
    const sequence = context.getSequence()
    const continuation = 'an answer of some length'
    const prompt = other.tokenize('<|user|>hello<|end|><|assistant|>', true)
    const targets = [...other.tokenize(continuation), ...other.tokenize('<|end|>', true)]
    const input = [...prompt, ...targets.slice(0, -1)]
    const expected = temperatures.map(() => 0)
    const outputs = await sequence.controlledEvaluate(
      input.map((token) => [token, { generateNext: { logits: true, options: { temperature: 0 } } }]),
    )
    for (const [index, target] of targets.entries()) {
      const logits = outputs[prompt.length - 1 + index]?.next.logits ?? new Map<number, number>()
      for (const [grid, temperature] of temperatures.entries()) {
        const largest = Math.max(...logits.values())
        const total = [...logits.values()].reduce(
          (sum, logit) => sum + Math.exp((logit - largest) / temperature),
          0,
        )
        expected[grid] =
          (expected[grid] ?? 0) + ((logits.get(target) ?? NaN) - largest) / temperature - Math.log(total)
      }
    }
    await llama.dispose()
    const { scores } = await createLocalScorer(model).score(
      [{ messages: [{ role: 'user', content: 'hello' }], continuation }],
      { temperatures },
    )
    expect(scores[0]?.tokens).toBe(targets.length)
    for (const [grid, value] of expected.entries())
      expect(scores[0]?.logLikelihoods[grid]).toBeCloseTo(value, 4)
  })

  test('add up over a split of the continuation', async () => {
    const messages = [{ role: 'user', content: 'where?' }] as const
    const { scores } = await createLocalScorer(model).score(
      [
        { messages, continuation: 'over there' },
        { messages, continuation: 'over', ends: false },
        { messages: [...messages, { role: 'assistant', content: 'over' }], continuation: ' there' },
      ],
      { temperatures },
    )
    for (const grid of temperatures.keys()) {
      const [whole, first, second] = scores.map((score) => score.logLikelihoods[grid] ?? NaN)
      expect((first ?? NaN) + (second ?? NaN)).toBeCloseTo(whole ?? NaN, 4)
    }
    expect(scores.map((score) => score.tokens)).toEqual([
      (scores[1]?.tokens ?? 0) + (scores[2]?.tokens ?? 0),
      scores[1]?.tokens,
      scores[2]?.tokens,
    ])
  })

  test('an empty continuation that does not end is certain and costs nothing', async () => {
    const { scores, usage } = await createLocalScorer(model).score([
      { messages: [{ role: 'user', content: 'x' }], continuation: '', ends: false },
    ])
    expect(scores[0]).toEqual({ logLikelihoods: Float64Array.of(0), tokens: 0 })
    expect(usage.evaluatedTokens).toBe(0)
  })
})

describe('reproducible scores', () => {
  test.each([
    ['random F32 weights', path],
    ['the shipped model', shippedModelPath()],
  ])(
    'are the same bit for bit, %s: in one call, one by one, shuffled, for one temperature, with two threads and after a fresh load',
    async (_, file) => {
      await using loaded = await loadLocalModel({ model: file })
      const requests = requestsOfPairs()
      const scorer = createLocalScorer(loaded)
      const together = (await scorer.score(requests, { temperatures })).scores

      for (const [index, request] of requests.entries()) {
        const alone = (await scorer.score([request], { temperatures })).scores[0]
        expect(alone).toEqual(together[index])
      }
      const order = requests.map((_, index) => index).sort((a, b) => ((a * 7919) % 37) - ((b * 7919) % 37))
      const shuffled = (
        await scorer.score(
          order.map((index) => requests[index] as ScoreRequest),
          { temperatures },
        )
      ).scores
      for (const [position, index] of order.entries()) expect(shuffled[position]).toEqual(together[index])

      const one = (await scorer.score(requests, { temperatures: [0.5] })).scores
      expect(one.map((score) => score.logLikelihoods[0])).toEqual(
        together.map((score) => score.logLikelihoods[0]),
      )

      // Two threads wait for each other on a busy machine, so few requests.
      for (const [threads, count] of [
        [1, requests.length],
        [2, 2],
      ] as const) {
        await using fresh = await loadLocalModel({ model: file, threads })
        const again = (
          await createLocalScorer(fresh).score(requests.slice(0, count).toReversed(), { temperatures })
        ).scores
        expect(again.toReversed()).toEqual(together.slice(0, count))
      }
    },
  )

  test('are not disturbed by a generation in between', async () => {
    const { createLocalGenerator } = await import('../generator/local-generator.ts')
    const [request] = requestsOfPairs()
    if (request === undefined) throw new Error('no request')
    const before = (await createLocalScorer(model).score([request])).scores
    await createLocalGenerator(model).generate([
      { messages: request.messages, temperature: 1, seed: 3, maxTokens: 20 },
    ])
    expect((await createLocalScorer(model).score([request])).scores).toEqual(before)
  })
})

describe('work', () => {
  test('shared prefixes and repeated requests are computed once', async () => {
    await using fresh = await loadLocalModel({ model: path })
    const requests = requestsOfPairs()
    const { usage } = await createLocalScorer(fresh).score(requests)
    let expected = 0
    let unshared = 0
    const computed = new Set<string>()
    const compute = (path: unknown, tokens: number): void => {
      const key = JSON.stringify(path)
      if (!computed.has(key)) expected += tokens
      computed.add(key)
    }
    for (const request of requests) {
      const prompt = fresh.format.prompt(request.messages).segments
      const continuation = fresh.tokenize(request.continuation)
      const last = prompt.at(-1) ?? []
      const resident = [...prompt.slice(0, -1), last.slice(0, -1)]
      for (const [index, segment] of resident.entries()) compute(resident.slice(0, index + 1), segment.length)
      compute([prompt, continuation], 1 + continuation.length)
      unshared += prompt.flat().length + continuation.length
    }
    expect(usage.evaluatedTokens).toBe(expected)
    expect(usage.calls).toBe(requests.length)
    expect(usage.inputTokens + usage.outputTokens).toBe(unshared + requests.length)
    expect(usage.evaluatedTokens * 2).toBeLessThan(unshared)
  })

  test('onScore tells every request once, and a failing signal stops between requests and keeps what was told', async () => {
    const requests = requestsOfPairs()
    const controller = new AbortController()
    const told = new Map<number, number>()
    const promise = createLocalScorer(model).score(requests, {
      signal: controller.signal,
      onScore: (index, score) => {
        expect(told.has(index)).toBe(false)
        told.set(index, score.logLikelihoods[0] ?? NaN)
        if (told.size === 10) controller.abort()
      },
    })
    await expect(promise).rejects.toThrow(/abort/i)
    expect(told.size).toBeGreaterThanOrEqual(10)
    expect(told.size).toBeLessThan(requests.length)
    const { scores } = await createLocalScorer(model).score(requests)
    for (const [index, value] of told) expect(scores[index]?.logLikelihoods[0]).toBe(value)
  })

  test('a request that does not fit is refused with its tokens and the limit', async () => {
    const long = { messages: [{ role: 'user', content: 'x' }] as const, continuation: 'word '.repeat(600) }
    const promise = createLocalScorer(model).score([{ messages: long.messages, continuation: 'ok' }, long])
    await expect(promise).rejects.toMatchObject({
      name: 'RequestTooLongError',
      requestIndex: 1,
      limit: 512,
      tokens:
        model.format.prompt(long.messages).segments.flat().length +
        model.tokenize(long.continuation).length +
        1,
    })
  })

  test('a continuation that fills the context exactly is scored', async () => {
    const messages = [{ role: 'user', content: 'x' }] as const
    const room = 512 - model.format.prompt(messages).segments.flat().length - 1
    const { scores } = await createLocalScorer(model).score([{ messages, continuation: '9'.repeat(room) }])
    expect(scores[0]?.tokens).toBe(room + 1)
    expect(scores[0]?.logLikelihoods[0]).toBeLessThan(0)
  })

  test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])(
    'temperature %s is refused',
    async (temperature) => {
      const promise = createLocalScorer(model).score([], { temperatures: [temperature] })
      await expect(promise).rejects.toThrow(RangeError)
    },
  )
})

describe('fast scores', () => {
  test('are those of the reproducible model up to rounding', async () => {
    const requests = requestsOfPairs()
    const expected = (await createLocalScorer(model).score(requests, { temperatures })).scores
    await using fast = await loadLocalModel({ model: path, reproducible: false })
    const { scores, usage } = await createLocalScorer(fast).score(requests, { temperatures })
    for (const [index, { logLikelihoods, tokens }] of scores.entries()) {
      expect(tokens).toBe(expected[index]?.tokens)
      for (const [grid, value] of logLikelihoods.entries()) {
        expect(Math.abs(value / (expected[index]?.logLikelihoods[grid] ?? NaN) - 1)).toBeLessThan(2e-3)
      }
    }
    expect(usage.calls).toBe(requests.length)
    expect(usage.evaluatedTokens).toBeLessThan(usage.inputTokens + usage.outputTokens)
  })
})
