import type { ReactNode } from 'react'
import type { MixtureSummary } from '../../api-contract.ts'
import { count, decimal } from './format-number.ts'

const ways = [
  ['bare', 'the model alone, without persona or exemplar'],
  ['uniform', 'every persona and exemplar equally often'],
  ['constant', 'the best weights that ignore the question'],
  ['mixture', 'the fitted mixture'],
] as const

/** How well each way of asking explains what held-out people really said. */
export function HeldOutFigures({ mixture }: { readonly mixture: MixtureSummary }): ReactNode {
  const { heldOut, gainOver, records, scorer, encoder, warnings, gate } = mixture
  return (
    <section aria-labelledby="held-out-title">
      <h3 id="held-out-title">Does it fit people it has never seen?</h3>
      <p className="hint">
        Held-out log-likelihood: mean log-probability of what {count(records.heldOut, 'held-out record')}{' '}
        really say, in nats, ± its standard error. Higher is better. The gain compares the same records, so it
        can be certain where the figures before it overlap; an interval that holds 0 says that nothing is
        shown. Learned from {count(records.train, 'record')}, chosen on {count(records.validation, 'record')};
        scored by {scorer}, encoded by {encoder}; the gate is {gate}.
      </p>
      <div className="scroll" role="region" aria-label="Held-out log-likelihood" tabIndex={0}>
        <table className="figures">
          <thead>
            <tr>
              <th scope="col">Asked</th>
              <th scope="col" className="number">
                Nats per record
              </th>
              <th scope="col" className="number">
                Gain of the mixture [95%]
              </th>
            </tr>
          </thead>
          <tbody>
            {ways.map(([way, words]) => (
              <tr key={way}>
                <th scope="row">{words}</th>
                <td className="number">
                  {decimal(heldOut[way].perRecord)} ± {decimal(heldOut[way].standardError)}
                </td>
                <td className="number">
                  {way === 'mixture'
                    ? '–'
                    : `${decimal(gainOver[way].mean)} [${gainOver[way].interval.map((end) => decimal(end)).join(', ')}]`}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {warnings.length > 0 && (
        <details className="warnings">
          <summary>{count(warnings.length, 'warning')} of the fit</summary>
          <ul>
            {warnings.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        </details>
      )}
    </section>
  )
}
