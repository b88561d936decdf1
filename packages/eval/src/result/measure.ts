import { InvalidArgumentError, type Random, shuffle } from '@mop/core'
import { meanAndStandardError, quantile } from '@mop/core/numeric'
import type { Comparison, Metric } from './metric.ts'
import type { BootstrapInterval, MetricFloor, MetricResult, MetricSpread } from './metric-result.ts'
import type { ResampleWeights } from './resample-weights.ts'
import { halves, repeated, resampledWeights, type Units, unitsOf } from './units.ts'

/** Labels of the items of either sample: what is drawn together, such as the answers of one respondent. Default each item alone. */
export interface SampleUnits {
  readonly real?: readonly (string | number)[]
  readonly simulated?: readonly (string | number)[]
}

export interface MeasureOptions {
  readonly random: Random
  /** Bootstrap resamples; 0 for no interval. Default 200. */
  readonly resamples?: number
  /** Default 0.95. */
  readonly confidence?: number
  readonly units?: SampleUnits
  /** Keep the figure of each resample, so that two results of the same stream can be compared by `pairedDifference`. Default false. */
  readonly keepResamples?: boolean
}

/** Fewer units than this make an interval that is too short. */
const fewUnits = 30

/**
 * Any metric with its interval, its floor, what it rests on and why to distrust it.
 *
 * **Value.** Of all items; of a metric of `one` sample, which depends on n, both samples are first thinned at random to the smaller n.
 *
 * **Interval.** Units of both samples are drawn with replacement, as many as there are. A distance between resamples carries the sampling
 * noise twice, so its plain percentiles would sit above the value; here they are shifted so that their mean is the value, and the
 * shift is reported as `bias`. The interval says how far the figure would move with other respondents; the bias that the value itself
 * has at this n is in the floor, which has it too. Bounded by the metric's range; an end of the range that
 * the percentiles reach is not shifted.
 *
 * **Floor.** The figure of two random halves of the real units: what a perfect simulation would score at half the size, a little above what
 * it would score at this one. Of a metric of `one` sample, the real sample's own figure at the same n. None of a metric that says so.
 *
 * **Spread.** Of a metric with a random part of its own, such as MAUVE's codebook, the value under other seeds: neither interval nor floor has it.
 *
 * @throws InvalidArgumentError for an empty sample, labels that do not fit, or options out of range; and whatever the metric throws.
 */
export function measure<Sample>(
  metric: Metric<Sample>,
  real: Sample,
  simulated: Sample,
  options: MeasureOptions,
): MetricResult {
  const { random, resamples = 200, confidence = 0.95, units = {}, keepResamples = false } = options
  if (!Number.isInteger(resamples) || resamples < 0)
    throw new InvalidArgumentError({ argument: 'resamples', expected: 'an integer ≥ 0', found: resamples })
  if (!(confidence > 0 && confidence < 1))
    throw new InvalidArgumentError({ argument: 'confidence', expected: 'between 0 and 1', found: confidence })
  const one = metric.samples === 'one'
  const least = one ? Math.min(metric.size(real), metric.size(simulated)) : Infinity
  const first = side(metric, 'real', real, units.real, least, random)
  const second = side(metric, 'simulated', simulated, units.simulated, least, random)
  const comparison = metric.compare(first.sample, second.sample, random.fork('value'))
  const warnings = [...(metric.warnings?.(first.sample, second.sample) ?? [])]
  for (const { name, size, given } of [first, second]) {
    if (size < given)
      warnings.push(
        `Rests on ${size} of the ${given} ${name} items, drawn at random: the figure depends on n.`,
      )
  }
  const sides = { real: first, simulated: second }
  const interval =
    resamples === 0
      ? undefined
      : intervalOf(metric, sides, comparison, { resamples, confidence, random, keepResamples, warnings })
  const floor =
    metric.floored === false
      ? undefined
      : one
        ? ownFigure(metric, first, random)
        : halvesFigure(metric, first, random, warnings)
  return {
    metric: metric.name,
    better: metric.better,
    range: metric.range,
    value: comparison.value,
    ...(interval === undefined ? {} : { interval }),
    ...(comparison.spread === undefined ? {} : { spread: spreadOf(comparison.spread()) }),
    ...(floor === undefined ? {} : { floor }),
    sizes: { real: first.size, simulated: second.size },
    units: { real: first.units.length, simulated: second.units.length },
    warnings,
  }
}

function spreadOf({
  over,
  values,
}: {
  readonly over: string
  readonly values: readonly number[]
}): MetricSpread {
  const { mean, standardError } = meanAndStandardError(values)
  return {
    over,
    runs: values.length,
    mean,
    standardDeviation: standardError * Math.sqrt(values.length),
    least: Math.min(...values),
    greatest: Math.max(...values),
  }
}

interface Side<Sample> {
  readonly name: 'real' | 'simulated'
  readonly sample: Sample
  readonly size: number
  /** Items before thinning. */
  readonly given: number
  readonly units: Units
}

function side<Sample>(
  metric: Metric<Sample>,
  name: 'real' | 'simulated',
  sample: Sample,
  labels: readonly (string | number)[] | undefined,
  least: number,
  random: Random,
): Side<Sample> {
  const given = metric.size(sample)
  if (given === 0)
    throw new InvalidArgumentError({ argument: name, expected: 'at least one item', found: 'none' })
  if (given <= least)
    return { name, sample, size: given, given, units: unitsOf(`units.${name}`, given, labels) }
  unitsOf(`units.${name}`, given, labels)
  const items = shuffle(
    random.fork(`thin ${name}`),
    Array.from({ length: given }, (_, item) => item),
  )
    .slice(0, least)
    .sort((a, b) => a - b)
  const kept = labels && items.map((item) => labels[item] as string | number)
  return { name, sample: metric.select(sample, items), size: least, given, units: unitsOf(name, least, kept) }
}

function intervalOf<Sample>(
  metric: Metric<Sample>,
  { real, simulated }: { readonly real: Side<Sample>; readonly simulated: Side<Sample> },
  comparison: Comparison,
  {
    resamples,
    confidence,
    random,
    keepResamples,
    warnings,
  }: Required<Omit<MeasureOptions, 'units'>> & { readonly warnings: string[] },
): BootstrapInterval | undefined {
  const weightings = Array.from({ length: resamples }, (_, index): ResampleWeights => {
    const stream = random.fork(`resample ${index}`)
    return {
      real: resampledWeights(stream, real.units, real.size),
      simulated: resampledWeights(stream, simulated.units, simulated.size),
    }
  })
  const figures =
    comparison.reweigh?.(weightings) ??
    weightings.map((weights, index) => {
      const resampledReal =
        metric.samples === 'one' ? real.sample : metric.select(real.sample, repeated(weights.real))
      const resampledSimulated = metric.select(simulated.sample, repeated(weights.simulated))
      return metric.compare(resampledReal, resampledSimulated, random.fork(`value ${index}`)).value
    })
  const finite = Array.from(figures).filter((figure) => Number.isFinite(figure))
  if (finite.length < resamples)
    warnings.push(
      `${resamples - finite.length} of ${resamples} resamples gave no finite figure and were left out.`,
    )
  const units = Math.min(metric.samples === 'one' ? Infinity : real.units.length, simulated.units.length)
  if (units < 2) {
    warnings.push('No interval: there is one unit on one side, and nothing to draw.')
    return undefined
  }
  if (units < fewUnits)
    warnings.push(`The interval rests on ${units} units on one side; below ${fewUnits} it is too short.`)
  if (finite.length * 2 < resamples || finite.length === 0) return undefined
  const mean = finite.reduce((sum, figure) => sum + figure, 0) / finite.length
  const bias = mean - comparison.value
  const [least, greatest] = metric.range
  const bound = (figure: number) => Math.min(greatest, Math.max(least, figure))
  const [lower, upper] = [quantile(finite, (1 - confidence) / 2), quantile(finite, (1 + confidence) / 2)]
  return {
    // An end of the range that resamples reach is one, whichever way the shift goes.
    lower: lower === least ? least : bound(lower - bias),
    upper: upper === greatest ? greatest : bound(upper - bias),
    confidence,
    resamples: finite.length,
    bias,
    ...(keepResamples && {
      figures: Array.from(figures, (figure) => (Number.isFinite(figure) ? figure : Number.NaN)),
    }),
  }
}

function ownFigure<Sample>(metric: Metric<Sample>, real: Side<Sample>, random: Random): MetricFloor {
  const { value } = metric.compare(real.sample, real.sample, random.fork('floor'))
  return { value, from: 'real', sizes: [real.size, real.size] }
}

function halvesFigure<Sample>(
  metric: Metric<Sample>,
  real: Side<Sample>,
  random: Random,
  warnings: string[],
): MetricFloor | undefined {
  if (real.units.length < 4) {
    warnings.push(`No floor: ${real.units.length} real units are too few to halve.`)
    return undefined
  }
  const [one, other] = halves(random.fork('halves'), real.units)
  const first = metric.select(real.sample, one)
  const second = metric.select(real.sample, other)
  for (const warning of metric.warnings?.(first, second) ?? []) warnings.push(`Floor: ${warning}`)
  const compare = metric.compareHalves ?? metric.compare
  const { value } = compare.call(metric, first, second, random.fork('floor'))
  if (Number.isNaN(value)) {
    warnings.push('No floor: two halves of the real sample cannot be compared.')
    return undefined
  }
  return { value, from: 'halves', sizes: [one.length, other.length] }
}
