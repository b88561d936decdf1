import type { ReactNode } from 'react'
import type { SampleRecord } from '../../api-contract.ts'

/** A few records: who was asked what, and what was said. */
export function RecordTable({ records }: { readonly records: readonly SampleRecord[] }): ReactNode {
  return (
    <div className="scroll" role="region" aria-label="First records" tabIndex={0}>
      <table className="records">
        <thead>
          <tr>
            <th scope="col">Asked</th>
            <th scope="col">Said</th>
            <th scope="col">By</th>
          </tr>
        </thead>
        <tbody>
          {records.map(({ input, output, attributes = {} }, index) => (
            <tr key={index}>
              <td>{input}</td>
              <td>{output}</td>
              <td className="hint">{Object.values(attributes).join(', ') || '–'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
