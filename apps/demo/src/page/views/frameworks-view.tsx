import type { ReactNode } from 'react'
import { type Framework, frameworks } from '../../api-contract.ts'
import type { ViewProperties } from '../view-properties.ts'
import { AdapterPanel } from '../parts/adapter-panel.tsx'
import { givenOf, GroupField } from '../parts/group-field.tsx'
import { NoMixture } from '../parts/no-mixture.tsx'
import { NumberField } from '../parts/number-field.tsx'
import { askedOf, QuestionField } from '../parts/question-field.tsx'
import { RetryNotice } from '../parts/retry-notice.tsx'
import { Tabs } from '../parts/tabs.tsx'
import { useMixture } from '../use-mixture.ts'

const titles: Readonly<Record<Framework, string>> = {
  langchain: 'LangChain',
  'ai-sdk': 'AI SDK',
  llamaindex: 'LlamaIndex',
}

/** Each adapter at work: the same question and seed give the same persona in all three. */
export function FrameworksView({ status, population, navigation }: ViewProperties): ReactNode {
  const { parameters } = navigation.route
  const { mixture, problem: mixtureProblem, retry } = useMixture(population)
  const { input } = askedOf(population, parameters)
  const seed = Number(parameters.get('seed') ?? 1)
  const framework = frameworks.find((name) => name === parameters.get('framework')) ?? frameworks[0]
  const given = givenOf(mixture, parameters)
  if (!population.hasMixture) return <NoMixture parameters={parameters} />
  return (
    <>
      <h2>In the framework that you use</h2>
      <p className="lead">
        Each tab runs its adapter through that framework’s own OpenAI client. Beside the answer is the source
        file that ran. The same seed draws the same persona everywhere.
      </p>
      {mixtureProblem && <RetryNotice problem={mixtureProblem} onRetry={retry} />}
      <div className="controls">
        <QuestionField
          population={population}
          parameters={parameters}
          set={navigation.set}
          limit={status.limits.questionCharacters}
        />
        {mixture && <GroupField mixture={mixture} parameters={parameters} set={navigation.set} />}
        <div className="row">
          <NumberField
            label="Seed"
            value={seed}
            minimum={0}
            maximum={999_999}
            onChange={(value) => navigation.set({ seed: String(value) })}
          />
        </div>
      </div>
      <Tabs
        label="Frameworks"
        tabs={frameworks.map((name) => ({ name, title: titles[name] }))}
        chosen={framework}
        onChoose={(name) => navigation.set({ framework: name })}
      >
        <AdapterPanel
          key={framework}
          framework={framework}
          title={titles[framework]}
          personas={mixture?.personas ?? []}
          request={{ population: population.id, input: input.trim(), seed, ...(given && { given }) }}
          onNextSeed={() => navigation.set({ seed: String(seed + 1) })}
        />
      </Tabs>
    </>
  )
}
