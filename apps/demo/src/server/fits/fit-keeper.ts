import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { FitRequest, FitState } from '../../api-contract.ts'
import { ProblemError } from '../http/problem-error.ts'
import type { Population } from '../populations/population.ts'
import { FitChild } from './fit-child.ts'
import type { FitMessage } from './fit-messages.ts'
import { countLikelihoods, readFitState, writeFitState } from './stored-fit-state.ts'

const writtenEveryMilliseconds = 1000

interface Running {
  readonly population: Population
  readonly child: FitChild
  readonly started: number
  ended: Promise<void>
  written: number
}

/** The fits of all populations: at most one at a time, in a process of its own. What became of each lies in its population's folder. */
export class FitKeeper implements AsyncDisposable {
  readonly #scorer: string
  readonly #log: (error: unknown) => void
  readonly #states = new Map<string, FitState>()
  #running: Running | undefined
  #writing: Promise<void> = Promise.resolve()

  private constructor(scorer: string, log: (error: unknown) => void) {
    this.#scorer = scorer
    this.#log = log
  }

  /** @param log Told where the state of a fit cannot be written: the fit goes on. */
  static async open(
    populations: readonly Population[],
    scorer: string,
    log: (error: unknown) => void,
  ): Promise<FitKeeper> {
    const keeper = new FitKeeper(scorer, log)
    for (const population of populations) {
      const state = await readFitState(population.folder, keeper.#tableOf(population))
      if (state !== undefined) keeper.#states.set(population.id, state)
    }
    return keeper
  }

  state({ id }: Population): FitState | undefined {
    const state = this.#states.get(id)
    if (state === undefined || this.#running?.population.id !== id) return state
    return { ...state, seconds: secondsSince(this.#running.started) }
  }

  /**
   * Starts a fit or goes on with one: what the table holds already is not computed again.
   * @throws ProblemError 409 while one is running, 400 for given personas of a population that has none.
   */
  async start(population: Population, request: FitRequest): Promise<FitState> {
    if (this.#running !== undefined && this.#stateOf(this.#running.population).status !== 'running') {
      // It has said its last word: its process is about to go.
      await this.#running.ended
    }
    this.#assertIdle()
    population.assertThere()
    if (request.personas === 'given' && population.shipped === undefined) {
      throw new ProblemError(400, {
        message: '`personas` must be a number here: no personas came with these records.',
        field: 'personas',
      })
    }
    const table = this.#tableOf(population)
    const child = new FitChild((message) => this.#hear(population, message))
    const running: Running = {
      population,
      child,
      started: performance.now(),
      ended: Promise.resolve(),
      written: -Infinity,
    }
    this.#running = running
    this.#states.set(population.id, { status: 'running', request, likelihoods: 0, seconds: 0 })
    running.ended = child.ended.then(() => this.#ended(running))
    const likelihoods = await countLikelihoods(table).catch(() => 0)
    population.assertThere()
    this.#change(population, { likelihoods })
    child.send({
      type: 'start',
      file: population.file,
      request,
      table,
      output: population.fittedMixtureFile,
    })
    return this.#stateOf(population)
  }

  /** @throws ProblemError 404 where nothing was ever fitted, 409 where nothing is running. */
  async cancel(population: Population): Promise<FitState> {
    if (this.#running?.population.id !== population.id) {
      const known = this.#states.has(population.id)
      throw new ProblemError(known ? 409 : 404, {
        message: 'No fit of this population is running.',
        remedy: 'Start one first.',
      })
    }
    const running = this.#running
    running.child.cancel()
    await running.ended
    population.assertThere()
    return this.#stateOf(population)
  }

  /** Ends what runs on a population that is about to be deleted. */
  async forget(population: Population): Promise<void> {
    if (this.#running?.population.id === population.id) {
      this.#running.child.kill()
      await this.#running.ended
    }
    await this.#writing
    this.#states.delete(population.id)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#running?.child.cancel()
    await this.#running?.ended
    await this.#writing
  }

  #assertIdle(): void {
    if (this.#running === undefined) return
    throw new ProblemError(409, {
      message: `A fit on ${JSON.stringify(this.#running.population.file.name)} is running.`,
      remedy: 'Wait until it is done, or cancel it.',
    })
  }

  #hear(population: Population, message: FitMessage): void {
    if (message.type === 'progress') {
      const { likelihoods, likelihoodsNeeded, label, done, total } = message.step
      this.#change(population, {
        progress: { label, done, total },
        ...(likelihoods !== undefined && { likelihoods }),
        ...(likelihoodsNeeded !== undefined && { likelihoodsNeeded }),
      })
      return
    }
    if (message.type === 'done') population.forgetMixture()
    this.#change(population, {
      status: message.type,
      seconds: secondsSince(this.#running?.started ?? performance.now()),
      ...(message.type === 'done' && { likelihoods: message.likelihoods }),
      ...(message.type === 'failed' && { problem: message.problem }),
    })
  }

  async #ended({ population, child, started }: Running): Promise<void> {
    const { status } = this.#stateOf(population)
    if (status !== 'done') {
      const likelihoods = await countLikelihoods(this.#tableOf(population)).catch(() => 0)
      const seconds = secondsSince(started)
      const said = status === 'running' ? endOf(child) : {}
      this.#change(population, { ...said, likelihoods, seconds })
    }
    this.#running = undefined
    await this.#writing
  }

  #change(population: Population, changes: Partial<FitState>): void {
    const state = { ...this.#stateOf(population), ...changes }
    if (state.status !== 'running') delete state.progress
    this.#states.set(population.id, state)
    const running = this.#running
    const now = performance.now()
    if (state.status === 'running' && running !== undefined) {
      if (now - running.written < writtenEveryMilliseconds) return
      running.written = now
    }
    // A full disk must not end the fit, nor keep later states from being written.
    this.#writing = this.#writing.then(() => writeFitState(population.folder, state)).catch(this.#log)
  }

  #stateOf({ id }: Population): FitState {
    const state = this.#states.get(id)
    if (state === undefined) throw new Error(`No fit of ${id}`)
    return state
  }

  /** Likelihoods of one scorer fit in one file, whatever the fit. */
  #tableOf({ folder }: Population): string {
    const hash = createHash('sha256').update(this.#scorer).digest('hex').slice(0, 8)
    return join(folder, `likelihoods-${hash}.jsonl`)
  }
}

/** What to say of a process that ended without a last word. */
function endOf({ asked, howItEnded }: FitChild): Pick<FitState, 'status' | 'problem'> {
  if (asked) return { status: 'cancelled' }
  return {
    status: 'failed',
    problem: {
      message: `The process of the fit ended by itself (${howItEnded}).`,
      remedy: 'Start it again: it goes on from there.',
    },
  }
}

function secondsSince(start: number): number {
  return (performance.now() - start) / 1000
}
