import { createRandom, type PopulationRecord, type Random, shuffle } from '@mop/core'
import type { MapFigure, MapPicture, Who } from '../../api-contract.ts'
import type { Answers, Asked } from './ask-question.ts'
import { distinctShare } from './distinct-share.ts'
import { energyDistance } from './energy-distance.ts'
import { energyFloor } from './energy-floor.ts'
import type { Vector } from './euclidean-distance.ts'
import { meanCosineDistance } from './mean-cosine-distance.ts'
import { principalPlane } from './principal-plane.ts'
import { groupRecords, realRecords } from './real-records.ts'

const fewestOfQuestion = 8
const mostReal = 150

/** Where the responses of the population, the mixture and the bare model lie, by their embeddings. */
export async function mapPicture(asked: Asked, answers: Answers): Promise<MapPicture> {
  const { population, request, fitted, signal } = asked
  const random = createRandom(request.seed).fork('map')
  const { real, outputs } = realOutputs(await population.records(), request, random)
  const texts: Readonly<Record<Who, readonly string[]>> = { population: outputs, ...answers }
  const whose = (['population', 'mixture', 'bare'] as const).filter((who) => texts[who].length > 0)
  const all = whose.flatMap((who) => texts[who].map((text) => ({ who, text })))
  const { embeddings } = await fitted.bound.encoder.encode(
    all.map(({ text }) => text),
    { signal },
  )
  const { points, explained } = principalPlane(embeddings)
  const vectorsOf = (who: Who): readonly Vector[] => embeddings.filter((_, index) => all[index]?.who === who)
  const realVectors = vectorsOf('population')
  const floor = energyFloor(realVectors, answers.mixture.length)
  return {
    kind: 'map',
    points: all.map(({ who, text }, index) => ({ who, text, ...(points[index] ?? { x: 0, y: 0 }) })),
    explained,
    figures: whose.map((who) => figureOf(who, texts[who], vectorsOf(who), realVectors)),
    ...(floor !== undefined && { floor }),
    real,
  }
}

function figureOf(
  who: Who,
  texts: readonly string[],
  vectors: readonly Vector[],
  population: readonly Vector[],
): MapFigure {
  const distance = who === 'population' ? undefined : energyDistance(vectors, population)
  return {
    who,
    n: texts.length,
    distinct: distinctShare(texts),
    spread: meanCosineDistance(vectors),
    ...(distance !== undefined && { distance }),
  }
}

/** What people said to this very question, or where hardly anybody was asked it, what they said to others. */
function realOutputs(
  records: readonly PopulationRecord[],
  asked: Asked['request'],
  random: Random,
): { readonly real: MapPicture['real']; readonly outputs: readonly string[] } {
  const free = records.filter(({ choices }) => choices === undefined)
  const answering = realRecords(free, asked)
  const real = answering.length >= fewestOfQuestion ? 'question' : 'population'
  const shown = real === 'question' ? answering : groupRecords(free, asked.given)
  const outputs = shown.map(({ output }) => output)
  return { real, outputs: outputs.length <= mostReal ? outputs : shuffle(random, outputs).slice(0, mostReal) }
}
