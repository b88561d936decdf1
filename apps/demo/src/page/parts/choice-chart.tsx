import type { ReactNode } from 'react'
import {
  Bar,
  BarChart,
  CartesianGrid,
  ErrorBar,
  Legend,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts'
import type { ChoicePicture, ChoiceRow } from '../../api-contract.ts'
import { decimal, percent } from './format-number.ts'
import { legendText } from './legend-text.tsx'
import { nameOf, series } from './series.ts'

/** How population, mixture and bare model spread over the choices. */
export function ChoiceChart({ picture }: { readonly picture: ChoicePicture }): ReactNode {
  const { choices, rows, distance } = picture
  const shown = series.filter(({ who }) => rows.some((row) => row.who === who))
  const data = choices.map((choice, index) => ({
    choice,
    ...Object.fromEntries(
      rows.flatMap((row) => [
        [row.who, row.probabilities[index] ?? 0],
        [`${row.who} error`, errorOf(row, index)],
      ]),
    ),
  }))
  return (
    <>
      <div className="chart" aria-hidden="true">
        <ResponsiveContainer width="100%" height={80 + 22 * choices.length * shown.length}>
          <BarChart
            data={data}
            layout="vertical"
            barCategoryGap="20%"
            margin={{ top: 8, right: 24, bottom: 8, left: 0 }}
            accessibilityLayer={false}
          >
            <CartesianGrid horizontal={false} stroke="var(--line)" />
            <XAxis
              type="number"
              tickFormatter={(value: number) => percent(value, 0)}
              tick={{ fill: 'var(--ink)' }}
              stroke="var(--line)"
            />
            <YAxis
              type="category"
              dataKey="choice"
              interval={0}
              width={110}
              tick={{ fill: 'var(--ink)' }}
              stroke="var(--line)"
            />
            <Tooltip
              formatter={(value) => percent(Number(value))}
              contentStyle={{ background: 'var(--paper)', borderColor: 'var(--line)', color: 'var(--ink)' }}
            />
            <Legend itemSorter={null} formatter={legendText} />
            {shown.map(({ who, name, colour }) => (
              <Bar key={who} dataKey={who} name={name} fill={colour} isAnimationActive={false}>
                <ErrorBar
                  dataKey={`${who} error`}
                  stroke="var(--ink)"
                  width={4}
                  direction="x"
                  isAnimationActive={false}
                />
              </Bar>
            ))}
          </BarChart>
        </ResponsiveContainer>
      </div>
      <p className="hint">
        Lines through the bars are 95% intervals: for answers that were counted, what so few leave open; for
        the mixture’s likelihoods, what the personas and exemplars that were drawn leave open. Likelihoods of
        the bare model have none.
      </p>
      <ChoiceTable picture={picture} />
      {distance === undefined ? (
        <p className="hint">Nobody in the records was asked this, so there is nothing to compare with.</p>
      ) : (
        <p>
          Total variation to the population (0 the same, 1 nothing in common): mixture{' '}
          <strong>{decimal(distance.mixture)}</strong>, bare model <strong>{decimal(distance.bare)}</strong>.
        </p>
      )}
    </>
  )
}

function errorOf(row: ChoiceRow, index: number): [number, number] {
  const value = row.probabilities[index] ?? 0
  const interval = row.intervals[index]
  return interval === undefined
    ? [0, 0]
    : [Math.max(0, value - interval.lower), Math.max(0, interval.upper - value)]
}

/** The same as numbers. */
function ChoiceTable({ picture }: { readonly picture: ChoicePicture }): ReactNode {
  return (
    <div className="scroll" role="region" aria-label="Answers as numbers" tabIndex={0}>
      <table className="figures">
        <thead>
          <tr>
            <th scope="col">Choice</th>
            {picture.rows.map(({ who }) => (
              <th scope="col" key={who} className="number">
                {nameOf(who)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {picture.choices.map((choice, index) => (
            <tr key={choice}>
              <th scope="row">{choice}</th>
              {picture.rows.map((row) => (
                <td key={row.who} className="number">
                  {percent(row.probabilities[index] ?? 0)}
                  <span className="visually-hidden">{intervalOf(row, index)}</span>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">From</th>
            {picture.rows.map((row) => (
              <td key={row.who} className="number hint">
                {originOf(row)}
              </td>
            ))}
          </tr>
        </tfoot>
      </table>
    </div>
  )
}

/** For those who do not see the lines. */
function intervalOf(row: ChoiceRow, index: number): string {
  const interval = row.intervals[index]
  if (interval === undefined || interval.lower === interval.upper) return ''
  return `, from ${percent(interval.lower)} to ${percent(interval.upper)}`
}

function originOf({ how, n, unmatchedShare }: ChoiceRow): string {
  if (how === 'likelihoods') return 'likelihoods of the choices'
  const others = unmatchedShare > 0 ? `; ${percent(unmatchedShare)} said something else` : ''
  return `${n} answers${others}`
}
