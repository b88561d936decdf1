import type { ReactNode } from 'react'
import type { WeightedPair } from '../../api-contract.ts'
import { percent } from './format-number.ts'

/** The heaviest (persona, exemplar) pairs for a question. */
export function ExemplarList({ components }: { readonly components: readonly WeightedPair[] }): ReactNode {
  return (
    <section aria-labelledby="exemplars-title">
      <h3 id="exemplars-title">Likeliest exemplars</h3>
      <p className="hint">
        Beside the persona the prompt shows something that a member really said. The gate chooses it for the
        question and the persona.
      </p>
      <ol className="exemplars">
        {components.map(({ persona, exemplar, weight }) => (
          <li key={`${persona} ${exemplar?.input ?? ''} ${exemplar?.output ?? ''}`}>
            <span className="exemplar-head">
              <strong>{persona}</strong> <span className="number">{percent(weight)}</span>
            </span>
            {exemplar === undefined ? (
              <span className="hint">no exemplar</span>
            ) : (
              <>
                <span className="hint">{exemplar.input}</span>
                <q>{exemplar.output}</q>
              </>
            )}
          </li>
        ))}
      </ol>
    </section>
  )
}
