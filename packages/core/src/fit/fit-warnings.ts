import type { FitReport } from './fit-report.ts'
import type { FitRun, LearnedGate } from './fit-run.ts'
import { temperaturesAtEnds } from './temperatures-at-ends.ts'

/** Below this share of the records a persona counts as unused. */
const unusedShare = 0.001
/** Mean absolute difference of log p, in nats a response, below which two personas cannot be told apart. */
const indistinguishable = 0.05
/** Shared (item, exemplar) cells that a comparison of two personas needs. */
const leastCells = 20

/** Of the gain, above which the Monte Carlo bias of its two figures is told. */
const largestBiasShare = 0.1

/** What a careful reader of the report should know. */
export function fitWarnings(
  run: FitRun,
  learned: LearnedGate,
  sizes: Float64Array,
  heldOut: FitReport['heldOut'],
): string[] {
  const { data, plan } = run
  const warnings: string[] = []
  const name = (k: number): string => JSON.stringify(data.personas[k]?.id)
  for (const [k, size] of sizes.entries()) {
    if (size < unusedShare)
      warnings.push(
        `Persona ${name(k)} is never used: it explains ${(100 * size).toFixed(2)}% of the training records.`,
      )
  }
  for (const [a, b, difference] of indistinguishablePairs(learned, data.personas.length)) {
    warnings.push(
      `Personas ${name(a)} and ${name(b)} cannot be told apart: the language model gives the same responses ${difference.toFixed(3)} nats of difference on average.`,
    )
  }
  warnings.push(
    ...temperaturesAtEnds(
      run.table.header.temperatures,
      data.personas.flatMap(({ id }, k) => {
        const logTemperature = learned.gate.logTemperatures[k] as number
        return (sizes[k] as number) < unusedShare ? [] : [{ id, temperature: Math.exp(logTemperature) }]
      }),
    ),
  )
  const slope = lengthSlope(run)
  if (slope > 0) {
    warnings.push(
      `Longer responses are MORE likely under the bare model (${slope.toFixed(2)} nats a token): log p should fall with length. Check what the scorer returns.`,
    )
  }
  if (learned.train.leftOut > 0) {
    warnings.push(
      `Training records of weight ${learned.train.leftOut} taught nothing: all their candidate exemplars are masked for them.`,
    )
  }
  if (learned.fitted.chosen === 'constant') {
    warnings.push(
      'No input-dependent gate was clearly better on the validation part; the mixture has constant weights.',
    )
  }
  for (const arm of ['bare', 'uniform', 'constant'] as const) {
    const { mean, interval } = heldOut.gainOver[arm]
    if (mean < 0) {
      warnings.push(
        `On the held-out part the mixture is worse than ${arm} by ${(-mean).toFixed(3)} nats a record (95% interval ${(-interval[1]).toFixed(3)} to ${(-interval[0]).toFixed(3)}).`,
      )
    }
  }
  if (heldOut.mixture.monteCarloError > 0.2 * Math.abs(heldOut.gainOver.uniform.mean)) {
    warnings.push(
      `The Monte Carlo error of the held-out figures (${heldOut.mixture.monteCarloError.toFixed(3)}) is large beside the gain over uniform weights (${heldOut.gainOver.uniform.mean.toFixed(3)}); score more held-out pairs (\`heldOutPairs\`).`,
    )
  }
  warnings.push(...biasedGains(heldOut))
  if (plan.reducedByBudget) {
    warnings.push(`The budget reduced each round to ${plan.pairsPerRound} components an item.`)
  }
  const outside = data.exemplars.filter(({ id }) =>
    data.records.some((record, index) => record.id === id && data.partOfRecord[index] !== 'train'),
  )
  if (outside.length > 0) {
    warnings.push(
      `${outside.length} exemplars are validation or held-out records: the figures flatter the fit.`,
    )
  }
  return warnings
}

/** A figure from few drawn components lies too low, and two of them not equally: their difference may err either way. */
export function biasedGains(
  heldOut: Pick<FitReport['heldOut'], 'uniform' | 'constant' | 'mixture' | 'gainOver'>,
): string[] {
  const low = (arm: 'uniform' | 'constant' | 'mixture'): number => Math.max(0, -heldOut[arm].monteCarloBias)
  return (['uniform', 'constant'] as const).flatMap((arm) => {
    const { mean } = heldOut.gainOver[arm]
    const largest = Math.max(low(arm), low('mixture'))
    if (largest === 0 || largest <= largestBiasShare * Math.abs(mean)) return []
    return [
      `The gain over ${arm} weights (${mean.toFixed(3)}) may be off by ${largest.toFixed(3)} or more: from so few held-out pairs the figures come out too low, the mixture's by about ${low('mixture').toFixed(3)} and the ${arm} weights' by about ${low(arm).toFixed(3)}, so that a gain of about ${(mean + low('mixture') - low(arm)).toFixed(3)} is nearer the truth; score more held-out pairs (\`heldOutPairs\`).`,
    ]
  })
}

/** Pairs of personas whose likelihoods of the same responses, with the same exemplar, hardly differ. */
function indistinguishablePairs(learned: LearnedGate, personas: number): [number, number, number][] {
  const { train } = learned
  const width = train.logLikelihood.length / Math.max(1, train.persona.length)
  const middle = Math.floor(width / 2)
  const sums = new Float64Array(personas * personas)
  const cells = new Float64Array(personas * personas)
  for (let record = 0; record < train.inputs.length; record += 1) {
    const start = train.rowStart[record] as number
    const end = train.rowStart[record + 1] as number
    for (let a = start; a < end; a += 1) {
      for (let b = a + 1; b < end; b += 1) {
        if (train.exemplar[a] !== train.exemplar[b]) continue
        const difference = Math.abs(
          (train.logLikelihood[a * width + middle] as number) -
            (train.logLikelihood[b * width + middle] as number),
        )
        if (!Number.isFinite(difference)) continue
        const [low, high] = [train.persona[a] as number, train.persona[b] as number].sort((p, q) => p - q)
        const cell = (low as number) * personas + (high as number)
        sums[cell] = (sums[cell] as number) + difference
        cells[cell] = (cells[cell] as number) + 1
      }
    }
  }
  const pairs: [number, number, number][] = []
  for (const [cell, count] of cells.entries()) {
    const mean = (sums[cell] as number) / count
    if (count >= leastCells && mean < indistinguishable)
      pairs.push([Math.floor(cell / personas), cell % personas, mean])
  }
  return pairs
}

/** Least-squares slope of bare log p on the number of tokens over the items scored bare; 0 where lengths do not vary. */
function lengthSlope({ data, table }: FitRun): number {
  const points = data.items.flatMap(({ name }) => {
    const bare = data.names.name(-1, -1)
    const value = table.logLikelihoods(name, bare)
    const tokens = table.tokens(name, bare)
    return value === undefined || tokens === undefined
      ? []
      : [[tokens, value[Math.floor(value.length / 2)] as number] as const]
  })
  const meanTokens = points.reduce((sum, [tokens]) => sum + tokens, 0) / points.length
  const meanValue = points.reduce((sum, [, value]) => sum + value, 0) / points.length
  let covariance = 0
  let variance = 0
  for (const [tokens, value] of points) {
    covariance += (tokens - meanTokens) * (value - meanValue)
    variance += (tokens - meanTokens) ** 2
  }
  return variance === 0 ? 0 : covariance / variance
}
