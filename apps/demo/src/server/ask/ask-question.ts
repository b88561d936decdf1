import { chatTemplate, createRandom, type GenerateRequest, type PromptTemplate, simulate } from '@mop/core'
import type { AskEvent, AskRequest, Side } from '../../api-contract.ts'
import type { AnsweringEngine } from '../engine/answering-engine.ts'
import type { FittedMixture } from '../populations/fitted-mixture.ts'
import type { Population } from '../populations/population.ts'
import { choicePicture } from './choice-picture.ts'
import { mapPicture } from './map-picture.ts'

export interface AskOptions {
  readonly population: Population
  readonly fitted: FittedMixture
  readonly engine: AnsweringEngine
  readonly request: AskRequest
  readonly send: (event: AskEvent) => void
  readonly signal: AbortSignal
}

/** What both sides are asked with. */
export interface Asked extends AskOptions {
  readonly bareTemperature: number
}

/** n answers of the mixture and n of the bare model, each sent the moment it exists, then a picture of both beside the population. */
export async function askQuestion(options: AskOptions): Promise<void> {
  const { fitted, engine, request, signal, send } = options
  const { bound, report } = fitted
  // Refuses a group that the mixture does not know, before anything is asked.
  await bound.personaWeights(request.input, { given: request.given, signal })
  const bareTemperature = engine.description.kind === 'embedded' ? report.heldOut.bare.temperature : 1
  const asked: Asked = { ...options, bareTemperature }
  const failed = new AbortController()
  const either = { ...asked, signal: AbortSignal.any([signal, failed.signal]) }
  const stopOther = (error: unknown): never => {
    failed.abort(error)
    throw error
  }
  // The embedded engine answers one request at a time in the order of arrival: the two sides take turns.
  const [mixture, bare] = await Promise.all([
    mixtureAnswers(either).catch(stopOther),
    bareAnswers(either).catch(stopOther),
  ])
  const answers = { mixture, bare }
  const picture =
    request.choices === undefined
      ? await mapPicture(asked, answers)
      : await choicePicture(asked, request.choices, answers)
  send({ type: 'picture', picture })
}

async function mixtureAnswers({ fitted, engine, request, send, signal, bareTemperature }: Asked) {
  const rows = await simulate({
    mixture: fitted.bound.mixture,
    encoder: fitted.bound.encoder,
    given: request.given,
    generator: engine.generator,
    inputs: [{ id: 'question', input: request.input }],
    draws: request.n,
    seed: request.seed,
    template: templateOf(engine, request),
    // Learned with the embedded model: another one is to be as much warmer or colder as its bare answers are.
    temperatureScale: bareTemperature / fitted.report.heldOut.bare.temperature,
    concurrency: 1,
    batchSize: request.n,
    retries: 2,
    signal,
    onRow: ({ id, output, personas, temperature, finishReason }) =>
      send({
        type: 'answer',
        side: 'mixture',
        index: Number(id.slice(id.lastIndexOf(':') + 1)),
        text: output,
        persona: personas[0],
        temperature,
        cutOff: finishReason === 'length',
      }),
  })
  return rows.map(({ output }) => output)
}

async function bareAnswers({ engine, request, send, signal, bareTemperature }: Asked) {
  const random = createRandom(request.seed).fork('bare answers')
  const messages = templateOf(engine, request).render([], request.input)
  const requests = Array.from({ length: request.n }, (_, index): GenerateRequest => ({
    messages,
    temperature: bareTemperature,
    seed: Math.floor(random.fork(String(index)).next() * 2 ** 31),
  }))
  const { generations } = await engine.generator.generate(requests, {
    signal,
    onGeneration: (index, { text, finishReason }) =>
      send({
        type: 'answer',
        side: 'bare',
        index,
        text,
        temperature: bareTemperature,
        cutOff: finishReason === 'length',
      }),
  })
  return generations.map(({ text }) => text)
}

/**
 * The embedded model learned from its exemplars how closed questions are answered, and the picture does not count its answers;
 * another one is told the choices, on both sides alike. What the gate sees is the question alone.
 */
function templateOf(engine: AnsweringEngine, { choices }: AskRequest): PromptTemplate {
  if (choices === undefined || engine.description.kind === 'embedded') return chatTemplate
  const told = `Answer with exactly one of these: ${choices.join('; ')}.`
  return {
    id: `${chatTemplate.id}, with choices`,
    render: (pairs, input) => chatTemplate.render(pairs, `${input}\n\n${told}`),
  }
}

export type Answers = Readonly<Record<Side, readonly string[]>>
