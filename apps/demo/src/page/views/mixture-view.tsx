import { type ReactNode, useEffect, useState } from 'react'
import type { DrawnPromptView, Problem, Weights } from '../../api-contract.ts'
import type { ViewProperties } from '../view-properties.ts'
import { ExemplarList } from '../parts/exemplar-list.tsx'
import { decimal } from '../parts/format-number.ts'
import { givenOf, GroupField } from '../parts/group-field.tsx'
import { HeldOutFigures } from '../parts/held-out-figures.tsx'
import { NoMixture } from '../parts/no-mixture.tsx'
import { PersonaWeights } from '../parts/persona-weights.tsx'
import { ProblemNotice } from '../parts/problem-notice.tsx'
import { PromptView } from '../parts/prompt-view.tsx'
import { askedOf, QuestionField } from '../parts/question-field.tsx'
import { RetryNotice } from '../parts/retry-notice.tsx'
import { call, isAbort, problemOf } from '../server.ts'
import { useMixture } from '../use-mixture.ts'

const pauseMilliseconds = 120

/** The fitted mixture, alive: type a question and see whose turn it is. */
export function MixtureView({ status, population, navigation }: ViewProperties): ReactNode {
  const { parameters } = navigation.route
  const { mixture, problem: mixtureProblem, retry } = useMixture(population)
  const { input } = askedOf(population, parameters)
  const given = JSON.stringify(givenOf(mixture, parameters) ?? null)
  const seed = Number(parameters.get('seed') ?? 1)
  const [weights, setWeights] = useState<Weights>()
  const [prompt, setPrompt] = useState<DrawnPromptView>()
  const [problem, setProblem] = useState<Problem>()
  const ready = mixture !== undefined && input.trim() !== ''

  useEffect(() => {
    if (!ready) return
    const controller = new AbortController()
    const asked = { input, ...(given !== 'null' && { given: JSON.parse(given) as object }) }
    const ask = async (): Promise<void> => {
      const path = `/populations/${population.id}`
      const { signal } = controller
      const [found, drawn] = await Promise.all([
        call<Weights>(`${path}/weights`, { json: asked, signal }),
        call<DrawnPromptView>(`${path}/prompt`, { json: { ...asked, seed }, signal }),
      ])
      setWeights(found)
      setPrompt(drawn)
      setProblem(undefined)
    }
    const timer = setTimeout(() => {
      ask().catch((error: unknown) => {
        if (!isAbort(error)) setProblem(problemOf(error))
      })
    }, pauseMilliseconds)
    return () => {
      clearTimeout(timer)
      controller.abort()
    }
  }, [ready, input, given, seed, population.id])

  if (!population.hasMixture) return <NoMixture parameters={parameters} />
  return (
    <>
      <h2>Who would answer?</h2>
      <p className="lead">
        The mixture holds personas, things that members of the population really said (exemplars), and a gate:
        for every question, how likely each persona and exemplar is to go into the prompt. The language model
        itself stays as it is.
      </p>
      {mixtureProblem && <RetryNotice problem={mixtureProblem} onRetry={retry} />}
      {mixture && (
        <>
          <div className="controls">
            <QuestionField
              population={population}
              parameters={parameters}
              set={navigation.set}
              limit={status.limits.questionCharacters}
            />
            <GroupField mixture={mixture} parameters={parameters} set={navigation.set} />
          </div>
          {problem && <ProblemNotice problem={problem} />}
          <div className="columns">
            <div>
              <PersonaWeights personas={mixture.personas} weights={weights?.personas} />
              {weights && (
                <p className="hint" role="status">
                  As varied as {decimal(weights.effectivePersonas, 1)} equally likely personas for this
                  question.
                </p>
              )}
              {prompt && (
                <section aria-labelledby="prompt-title">
                  <h3 id="prompt-title">One draw, and the prompt it makes</h3>
                  <button type="button" onClick={() => navigation.set({ seed: String(seed + 1) })}>
                    Draw again
                  </button>
                  <PromptView prompt={prompt} />
                </section>
              )}
            </div>
            {weights && <ExemplarList components={weights.components} />}
          </div>
          <HeldOutFigures mixture={mixture} />
        </>
      )}
    </>
  )
}
