import type { ReactNode } from 'react'
import type { PersonaSummary } from '../../api-contract.ts'
import { percent } from './format-number.ts'
import { ShareBar } from './share-bar.tsx'

/** The personas, largest first: how much of the records each explains, and its weight for what is asked now. */
export function PersonaWeights({
  personas,
  weights,
}: {
  readonly personas: readonly PersonaSummary[]
  /** π(x), in the order of `personas`; absent until something is asked. */
  readonly weights: readonly number[] | undefined
}): ReactNode {
  const rows = personas
    .map((persona, index) => ({ ...persona, weight: weights?.[index] }))
    .toSorted((a, b) => b.size - a.size)
  const scale = Math.max(0.01, ...rows.flatMap(({ size, weight }) => [size, weight ?? 0]))
  return (
    <table className="personas">
      <caption>
        Personas and their mixing weights.{' '}
        <span className="hint">Bar: for this question. Mark: over all records.</span>
      </caption>
      <thead>
        <tr>
          <th scope="col">Persona</th>
          <th scope="col" className="wide">
            <span className="visually-hidden">Chart</span>
          </th>
          <th scope="col" className="number">
            Now
          </th>
          <th scope="col" className="number">
            Overall
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ id, text, size, weight }) => (
          <tr key={id}>
            <th scope="row">
              <details>
                <summary>{id}</summary>
                <p className="persona-text">{text === '' ? 'No persona in the prompt.' : text}</p>
              </details>
            </th>
            <td className="wide">
              <ShareBar share={weight ?? size} mark={size} scale={scale} />
            </td>
            <td className="number">{weight === undefined ? '–' : percent(weight)}</td>
            <td className="number">{percent(size)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
