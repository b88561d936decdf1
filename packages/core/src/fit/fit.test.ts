import { describe, expect, test } from 'vitest'
import { RequestTooLongError } from '../errors/request-too-long-error.ts'
import type { Encoder } from '../ports/encoder.ts'
import type { LikelihoodScorer, ScoreRequest } from '../ports/likelihood-scorer.ts'
import { LikelihoodTable } from '../likelihood/likelihood-table.ts'
import { categorical } from '../random/categorical.ts'
import { createRandom } from '../random/random.ts'
import type { PopulationRecord } from '../record/population-record.ts'
import { seenCount, seenLookup } from '../record/seen-records.ts'
import { chatTemplate } from '../prompt/prompt-template.ts'
import { fit } from './fit.ts'
import { planFit } from './plan-fit.ts'
import { preparePopulation } from './prepare-population.ts'
import { splitRecords } from './split-records.ts'

/**
 * A world whose truth is known: three personas answer with one of eight words, and who answers depends on the topic.
 * The "language model" below gives exactly these probabilities, so the best mixture is the true one.
 */
const words = ['lovely', 'fine', 'dull', 'awful', 'cheap', 'dear', 'fast', 'slow']
const habits: Record<string, number[]> = {
  friendly: [8, 6, 1, 1, 2, 1, 2, 1],
  stern: [1, 1, 6, 8, 1, 2, 1, 2],
  thrifty: [1, 2, 1, 1, 9, 6, 2, 1],
}
const sharesByTopic: Record<string, number[]> = {
  food: [0.7, 0.2, 0.1],
  trains: [0.1, 0.3, 0.6],
}
const names = Object.keys(habits)
const personas = names.map((name) => ({ id: name, text: `A ${name} person.` }))

function population(count: number, seed: string): PopulationRecord[] {
  const random = createRandom(seed)
  return Array.from({ length: count }, (_, index): PopulationRecord => {
    const topic = index % 2 === 0 ? 'food' : 'trains'
    const persona = names[categorical(random, sharesByTopic[topic] as number[])] as string
    return {
      id: `r${index}`,
      input: `What about ${topic}?`,
      output: words[categorical(random, habits[persona] as number[])] as string,
      choices: words,
      respondent: `person ${index}`,
    }
  })
}

function logProbability({ messages, continuation }: ScoreRequest, temperature: number): number {
  const system = messages.find(({ role }) => role === 'system')?.content ?? ''
  const persona = names.find((name) => system.includes(name))
  const example = messages.find(({ role }) => role === 'assistant')?.content
  const base = persona === undefined ? Array<number>(words.length).fill(1) : (habits[persona] as number[])
  const logits = base.map(
    (value, word) => (Math.log(value) + (words[word] === example ? 0.2 : 0)) / temperature,
  )
  const total = Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit), 0))
  return (logits[words.indexOf(continuation)] ?? -Infinity) - total
}

class CountingScorer implements LikelihoodScorer {
  readonly id = 'word world'
  calls = 0
  failAfter = Infinity
  // oxlint-disable-next-line require-await
  async score(
    ...[requests, options]: Parameters<LikelihoodScorer['score']>
  ): ReturnType<LikelihoodScorer['score']> {
    const scores = requests.map((request, index) => {
      if (this.calls >= this.failAfter) throw new Error('the machine went away')
      this.calls += 1
      const logLikelihoods = Float64Array.from(options?.temperatures ?? [1], (t) =>
        logProbability(request, t),
      )
      const score = { logLikelihoods, tokens: 2 }
      options?.onScore?.(index, score)
      return score
    })
    const usage = { calls: requests.length, inputTokens: 0, outputTokens: 0, evaluatedTokens: 0 }
    return { scores, usage }
  }
}

const encoder: Encoder = {
  id: 'word encoder',
  dimension: 6,
  encode: (texts) =>
    Promise.resolve({
      embeddings: texts.map((text) => {
        const features = [
          /food/,
          /trains/,
          /friendly|lovely|fine/,
          /thrifty|cheap|dear/,
          /stern|awful|dull/,
          /./,
        ]
        const raw = features.map((feature) => Number(feature.test(text)))
        const norm = Math.hypot(...raw)
        return Float32Array.from(raw, (value) => value / norm)
      }),
      usage: { calls: texts.length, inputTokens: 0, outputTokens: 0, evaluatedTokens: 0 },
    }),
}

async function prepared(
  count: number,
  exemplars: number,
): Promise<Awaited<ReturnType<typeof preparePopulation>>> {
  const split = splitRecords(population(count, 'society'), { seed: 1 })
  return preparePopulation(split, { encoder, seed: 1, personas, exemplars: { count: exemplars } })
}

describe('fit', () => {
  test('the mixture knows by digests what it was fitted and chosen on, and nothing that was held out', async () => {
    const split = splitRecords(population(60, 'seen'), { seed: 3 })
    const prepared = await preparePopulation(split, { encoder, seed: 3, personas, exemplars: { count: 4 } })
    const { mixture } = await fit(prepared, { scorer: new CountingScorer(), encoder, seed: 3, rounds: 1 })
    const { seen } = mixture.provenance
    const lookup = seenLookup(seen ?? { ids: '' })
    const known = (records: readonly PopulationRecord[]): Promise<unknown[]> =>
      Promise.all(records.map(lookup))
    expect(new Set(await known([...split.train, ...split.validation]))).toEqual(new Set(['id']))
    expect(new Set(await known(split.heldOut))).toEqual(new Set([undefined]))
    expect(seenCount(seen)).toBe(split.train.length + split.validation.length)
  })

  test('finds the true shares by topic, and is better than uniform, constant and bare where nobody looked', async () => {
    const { mixture, report } = await fit(await prepared(3000, 0), {
      encoder,
      scorer: new CountingScorer(),
      seed: 1,
      temperatures: [1],
    })
    for (const [topic, truth] of Object.entries(sharesByTopic)) {
      const { embeddings } = await encoder.encode([`What about ${topic}?`])
      const weights = mixture.personaWeights(embeddings[0] as Float32Array)
      const distance = truth.reduce((sum, share, k) => sum + Math.abs(share - (weights[k] as number)), 0) / 2
      expect(distance).toBeLessThan(0.1)
    }
    const { heldOut } = report
    expect(report.gate.chosen).toBe('contextual')
    expect(heldOut.mixture.perRecord).toBeGreaterThan(heldOut.constant.perRecord)
    expect(heldOut.constant.perRecord).toBeGreaterThan(heldOut.uniform.perRecord)
    expect(heldOut.uniform.perRecord).toBeGreaterThan(heldOut.bare.perRecord)
    expect(heldOut.gainOver.constant.interval[0]).toBeGreaterThan(0)
    expect(heldOut.mixture.monteCarloError).toBe(0)
    expect(report.constant.gap).toBeLessThan(1e-6)
    expect(report.effectivePersonas).toBeGreaterThan(2.5)
  })

  test('says the same answer once: likelihoods are of distinct responses, not of records', async () => {
    const scorer = new CountingScorer()
    const population = await prepared(3000, 0)
    const { report } = await fit(population, { encoder, scorer, seed: 1, temperatures: [1] })
    // 2 topics x 8 words under 3 personas and bare.
    expect(scorer.calls).toBe(2 * 8 * 4)
    expect(report.usage.calls).toBeGreaterThanOrEqual(scorer.calls)
    expect(report.likelihoods).toEqual({ total: scorer.calls, found: 0 })
  })

  test('with exemplars: figures from drawn components agree with all components, within their Monte Carlo error', async () => {
    const population = await prepared(1200, 12)
    const options = {
      encoder,
      scorer: new CountingScorer(),
      seed: 1,
      temperatures: [0.8, 1, 1.25],
      rounds: 2,
      pairsPerRound: 8,
    }
    const all = await fit(population, { ...options, heldOutPairs: 36 })
    const drawn = await fit(population, { ...options, heldOutPairs: 16 })
    expect(all.report.heldOut.mixture.monteCarloError).toBe(0)
    expect(drawn.report.heldOut.mixture.monteCarloError).toBeGreaterThan(0)
    for (const arm of ['uniform', 'constant', 'mixture'] as const) {
      const difference = all.report.heldOut[arm].perRecord - drawn.report.heldOut[arm].perRecord
      const { monteCarloError, monteCarloBias } = drawn.report.heldOut[arm]
      expect(Math.abs(difference + monteCarloBias)).toBeLessThan(5 * monteCarloError)
    }
    expect(drawn.mixture.gate).toEqual(all.mixture.gate)
  })

  test('interrupted and taken up again: nothing is scored twice and the result is the same', async () => {
    const population = await prepared(300, 8)
    const options = { encoder, seed: 1, temperatures: [0.8, 1, 1.25] }
    const whole = new CountingScorer()
    const expected = await fit(population, { ...options, scorer: whole })
    const scorer = new CountingScorer()
    const header = { scorer: scorer.id, template: chatTemplate.id, temperatures: options.temperatures }
    const table = new LikelihoodTable(header)
    for (const failAfter of [10, 60, 120]) {
      scorer.failAfter = failAfter
      await expect(fit(population, { ...options, scorer, table })).rejects.toThrow('the machine went away')
      expect(table.size).toBe(failAfter)
    }
    scorer.failAfter = Infinity
    const resumed = await fit(population, { ...options, scorer, table })
    expect(scorer.calls).toBe(whole.calls)
    expect(resumed.report.likelihoods.found).toBe(120)
    expect(resumed.mixture.gate).toEqual(expected.mixture.gate)
    expect(resumed.report.heldOut).toEqual(expected.report.heldOut)
  })

  test('keeps to its budget, and says what the least would be', async () => {
    const population = await prepared(300, 8)
    const scorer = new CountingScorer()
    const options = { encoder, scorer, seed: 1, temperatures: [1] }
    const plan = await planFit(population, options)
    const calls = Math.floor(plan.calls / 2)
    const { report } = await fit(population, { ...options, budget: { calls } })
    expect(scorer.calls).toBeLessThanOrEqual(calls)
    expect(report.warnings.join()).toContain('budget')
    await expect(planFit(population, { ...options, budget: { calls: 5 } })).rejects.toThrow(
      /budget.calls.*at least \d+/,
    )
  })

  test('keeps to the plan whatever number of held-out pairs is asked for', async () => {
    const population = await prepared(300, 8)
    for (const heldOutPairs of [1, 6, 9]) {
      const scorer = new CountingScorer()
      const options = { encoder, seed: 1, temperatures: [1], rounds: 1, pairsPerRound: 2, heldOutPairs }
      const plan = await planFit(population, options)
      const { report } = await fit(population, { ...options, scorer })
      expect(report.heldOut.componentsPerRecord).toBe(plan.heldOutPairs)
      expect(scorer.calls).toBeLessThanOrEqual(plan.calls)
    }
  })

  test("a closed answer's records are people: the interval narrows with their number", async () => {
    const anonymous = (count: number): PopulationRecord[] =>
      population(count, 'society').map(({ respondent: _respondent, ...record }) => record)
    const split = splitRecords(anonymous(3000), { seed: 1 })
    const prepared = await preparePopulation(split, { encoder, seed: 1, personas, exemplars: { count: 0 } })
    const { report } = await fit(prepared, {
      encoder,
      scorer: new CountingScorer(),
      seed: 1,
      temperatures: [1],
    })
    const { mean, interval } = report.heldOut.gainOver.uniform
    expect(interval[1] - interval[0]).toBeLessThan(4.5 * (report.heldOut.mixture.standardError + 0.02))
    expect(interval[0]).toBeLessThan(mean)
    expect(interval[0]).toBeGreaterThan(0)
  })

  test("the bare model's temperature is the best for the records, not for the distinct answers", async () => {
    const bare = [20, 10, 5, 2, 1, 1, 1, 1]
    const total = bare.reduce((sum, value) => sum + value, 0)
    const random = createRandom('bare')
    const records = Array.from({ length: 600 }, (_, index): PopulationRecord => ({
      id: `r${index}`,
      input: 'What about food?',
      output: words[categorical(random, bare)] as string,
      choices: words,
    }))
    const scorer: LikelihoodScorer = {
      id: 'calibrated',
      score: (requests, options) => {
        const scores = requests.map(({ continuation }) => ({
          tokens: 2,
          logLikelihoods: Float64Array.from(options?.temperatures ?? [1], (temperature) => {
            const powers = bare.map((value) => (value / total) ** (1 / temperature))
            const sum = powers.reduce((a, b) => a + b, 0)
            return Math.log((powers[words.indexOf(continuation)] as number) / sum)
          }),
        }))
        const usage = { calls: requests.length, inputTokens: 0, outputTokens: 0, evaluatedTokens: 0 }
        return Promise.resolve({ scores, usage })
      },
    }
    const split = splitRecords(records, { seed: 1 })
    const prepared = await preparePopulation(split, { encoder, seed: 1, personas, exemplars: { count: 0 } })
    const { report } = await fit(prepared, { encoder, scorer, seed: 1, temperatures: [0.7, 1, 1.4, 2] })
    expect(Math.abs(Math.log(report.heldOut.bare.temperature))).toBeLessThan(0.15)
    // Every persona answers alike, so nothing can be gained.
    expect(Math.abs(report.heldOut.gainOver.bare.mean)).toBeLessThan(0.01)
  })

  test('a mixture that is the constant gate gains exactly nothing over it', async () => {
    const { report } = await fit(await prepared(300, 8), {
      encoder,
      scorer: new CountingScorer(),
      seed: 1,
      temperatures: [1.4],
      regularisation: [1e9],
      restarts: 1,
    })
    expect(report.gate.chosen).toBe('constant')
    expect(report.heldOut.gainOver.constant).toEqual({ mean: 0, interval: [0, 0] })
  })

  test('temperatures are learned from as many records as there are, although few answers are distinct', async () => {
    const temperatures: Record<string, number> = { friendly: 0.8, stern: 1.8 }
    const distribution = (name: string, temperature: number): number[] => {
      const powers = (habits[name] as number[]).map((value) => value ** (1 / temperature))
      const sum = powers.reduce((a, b) => a + b, 0)
      return powers.map((power) => power / sum)
    }
    const random = createRandom('temperatures')
    const records = Array.from({ length: 3000 }, (_, index): PopulationRecord => {
      const name = random.next() < (index % 2 === 0 ? 0.9 : 0.1) ? 'friendly' : 'stern'
      return {
        id: `r${index}`,
        input: `What about ${index % 2 === 0 ? 'food' : 'trains'}?`,
        output: words[categorical(random, distribution(name, temperatures[name] as number))] as string,
        choices: words,
      }
    })
    const prepared = await preparePopulation(splitRecords(records, { seed: 1 }), {
      encoder,
      seed: 1,
      personas: personas.slice(0, 2),
      exemplars: { count: 0 },
    })
    const { report } = await fit(prepared, { encoder, scorer: new CountingScorer(), seed: 1 })
    const [friendly, stern] = report.temperatures as [number, number]
    expect(stern / friendly).toBeGreaterThan(1.5)
  })

  test('a temperature that the grid holds back is told, with the persona and the option', async () => {
    const random = createRandom('anything goes')
    const records = Array.from({ length: 600 }, (_, index): PopulationRecord => ({
      id: `r${index}`,
      input: 'What about food?',
      output: words[Math.floor(random.next() * words.length)] as string,
      choices: words,
    }))
    const prepared = await preparePopulation(splitRecords(records, { seed: 1 }), {
      encoder,
      seed: 1,
      personas: personas.slice(0, 1),
      exemplars: { count: 0 },
    })
    const options = { encoder, scorer: new CountingScorer(), seed: 1 }
    const { report } = await fit(prepared, { ...options, temperatures: [0.7, 1, 1.4] })
    expect(report.temperatures[0]).toBeCloseTo(1.4, 1)
    expect(report.warnings.join()).toMatch(
      /persona "friendly" stopped at the highest.*\(1\.4\).*`temperatures`/,
    )
  })

  test('an encoder without a vector for some text is named before anything is scored', async () => {
    const broken: Encoder = {
      ...encoder,
      encode: async (texts, options) => {
        const { embeddings, usage } = await encoder.encode(texts, options)
        return {
          embeddings: embeddings.map((row, index) => (texts[index]?.includes('stern') ? row.fill(NaN) : row)),
          usage,
        }
      },
    }
    const scorer = new CountingScorer()
    await expect(
      fit(await prepared(300, 8), { encoder: broken, scorer, seed: 1, temperatures: [1] }),
    ).rejects.toThrow(/finite numbers.*A stern person/)
    expect(scorer.calls).toBe(0)
  })

  test('a scorer that leaves requests out is named', async () => {
    const whole = new CountingScorer()
    const scorer: LikelihoodScorer = {
      id: 'forgetful',
      score: async (requests, options) => {
        const { onScore: _onScore, ...rest } = options ?? {}
        const { scores, usage } = await whole.score(requests, rest)
        return { scores: scores.slice(1), usage }
      },
    }
    await expect(
      fit(await prepared(300, 8), { encoder, scorer, seed: 1, temperatures: [1] }),
    ).rejects.toThrow(/scores every request \(forgetful\)/)
  })

  test('a record that the model cannot take is named before anything is scored', async () => {
    const scorer = Object.assign(new CountingScorer(), {
      countTokens: (requests: readonly ScoreRequest[]) =>
        Promise.resolve({
          tokens: requests.map(
            ({ messages, continuation }) => JSON.stringify(messages).length + continuation.length,
          ),
          limit: 1000,
        }),
    })
    const split = splitRecords(population(300, 'society'), { seed: 1 })
    const long = { id: 'novel', input: 'What about food?', output: 'so '.repeat(500) }
    const options = { encoder, seed: 1, personas, exemplars: { count: 4 } }
    const prepared = await preparePopulation({ ...split, heldOut: [...split.heldOut, long] }, options)
    await expect(fit(prepared, { encoder, scorer, seed: 1, temperatures: [1] })).rejects.toThrow(
      /record "novel", field "output": \d+ tokens; the language model takes 1000/,
    )
    expect(scorer.calls).toBe(0)
  })

  test('one that the scorer finds only on the way is named too, and what was scored is kept', async () => {
    const scorer = new CountingScorer()
    const whole = scorer.score.bind(scorer)
    scorer.score = (requests, options) => {
      const requestIndex = requests.findIndex(({ continuation }) => continuation.startsWith('so '))
      if (requestIndex < 0) return whole(requests, options)
      return Promise.reject(new RequestTooLongError({ requestIndex, tokens: 1700, limit: 1000 }))
    }
    const split = splitRecords(population(300, 'society'), { seed: 1 })
    const long = { id: 'novel', input: 'What about food?', output: 'so '.repeat(500) }
    const options = { encoder, seed: 1, personas, exemplars: { count: 4 } }
    const prepared = await preparePopulation({ ...split, heldOut: [...split.heldOut, long] }, options)
    const table = new LikelihoodTable({ scorer: scorer.id, template: chatTemplate.id, temperatures: [1] })
    await expect(fit(prepared, { encoder, scorer, seed: 1, temperatures: [1], table })).rejects.toThrow(
      /record "novel", field "output": 1700 tokens(?: together with .*)?; the language model takes 1000/,
    )
    expect(table.size).toBe(scorer.calls)
    expect(table.size).toBeGreaterThan(0)
  })

  test('a held-out record that is impossible is named, and one of weight 0 does not count', async () => {
    const split = splitRecords(population(300, 'society'), { seed: 1 })
    const impossible = { ...split.heldOut[0], id: 'alien', output: 'no word at all' } as PopulationRecord
    const withAlien = async (weight: number): Promise<Awaited<ReturnType<typeof fit>>> => {
      const heldOut = [{ ...impossible, weight }, ...split.heldOut.slice(1)]
      const options = { encoder, seed: 1, personas, exemplars: { count: 0 } }
      const prepared = await preparePopulation({ ...split, heldOut }, options)
      return fit(prepared, { encoder, scorer: new CountingScorer(), seed: 1, temperatures: [1] })
    }
    await expect(withAlien(1)).rejects.toThrow(/alien/)
    const { heldOut } = (await withAlien(0)).report
    expect(Number.isFinite(heldOut.gainOver.bare.mean)).toBe(true)
    expect(Number.isFinite(heldOut.gainOver.uniform.interval[1])).toBe(true)
  })

  test('an aborted fit rejects with the reason and keeps what was scored', async () => {
    const population = await prepared(300, 8)
    const scorer = new CountingScorer()
    const controller = new AbortController()
    const table = new LikelihoodTable({ scorer: scorer.id, template: chatTemplate.id, temperatures: [1] })
    const running = fit(population, {
      encoder,
      scorer,
      seed: 1,
      temperatures: [1],
      table,
      signal: controller.signal,
      onProgress: ({ phase, round }) => {
        if (phase === 'learn' && round === 2) controller.abort(new Error('enough'))
      },
    })
    await expect(running).rejects.toThrow('enough')
    expect(table.size).toBe(scorer.calls)
  })

  test('refuses a table of another scorer', async () => {
    const population = await prepared(300, 8)
    const table = new LikelihoodTable({ scorer: 'another', template: chatTemplate.id, temperatures: [1] })
    await expect(
      fit(population, { encoder, scorer: new CountingScorer(), seed: 1, temperatures: [1], table }),
    ).rejects.toThrow(/another scorer/)
  })
})
