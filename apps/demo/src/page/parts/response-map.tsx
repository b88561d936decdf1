import type { ReactNode } from 'react'
import {
  CartesianGrid,
  Legend,
  ResponsiveContainer,
  Scatter,
  ScatterChart,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts'
import type { MapPicture } from '../../api-contract.ts'
import { decimal, percent } from './format-number.ts'
import { legendText } from './legend-text.tsx'
import { nameOf, series } from './series.ts'

/** Where responses lie among each other: near points say similar things in similar ways. */
export function ResponseMap({ picture }: { readonly picture: MapPicture }): ReactNode {
  const { points, explained, figures, floor, real } = picture
  return (
    <>
      <p className="hint">
        Every point is a response; near ones are worded alike (embeddings in the plane of their first two
        principal components, which keeps {percent(explained, 0)} of their variance).{' '}
        {real === 'population' &&
          'Hardly anybody in the records was asked this, so the population’s points answer other questions.'}
      </p>
      <div className="chart" aria-hidden="true">
        <ResponsiveContainer width="100%" height={380}>
          <ScatterChart margin={{ top: 8, right: 8, bottom: 8, left: 8 }} accessibilityLayer={false}>
            <CartesianGrid stroke="var(--line)" />
            <XAxis type="number" dataKey="x" tick={false} stroke="var(--line)" height={8} />
            <YAxis type="number" dataKey="y" tick={false} stroke="var(--line)" width={8} />
            <Tooltip content={PointText} cursor={false} />
            <Legend itemSorter={null} formatter={legendText} />
            {series.map(({ who, name, colour, shape }) => (
              <Scatter
                key={who}
                name={name}
                data={points.filter((point) => point.who === who)}
                fill={colour}
                fillOpacity={0.75}
                shape={shape}
                isAnimationActive={false}
              />
            ))}
          </ScatterChart>
        </ResponsiveContainer>
      </div>
      <div className="scroll" role="region" aria-label="Variety and alignment as numbers" tabIndex={0}>
        <table className="figures">
          <thead>
            <tr>
              <th scope="col">Who</th>
              <th scope="col" className="number">
                Responses
              </th>
              <th scope="col" className="number">
                Different texts
              </th>
              <th scope="col" className="number">
                Spread
              </th>
              <th scope="col" className="number">
                Distance to the population
              </th>
            </tr>
          </thead>
          <tbody>
            {figures.map(({ who, n, distinct, spread, distance }) => (
              <tr key={who}>
                <th scope="row">{nameOf(who)}</th>
                <td className="number">{n}</td>
                <td className="number">{percent(distinct, 0)}</td>
                <td className="number">{decimal(spread)}</td>
                <td className="number">
                  {distance === undefined
                    ? floor === undefined
                      ? '–'
                      : `${decimal(floor, 3)} (floor)`
                    : decimal(distance, 3)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="hint">
        Spread: how different two responses are (mean cosine distance; 0 when all say the same). Distance:
        energy distance of the embeddings; lower is closer. The floor is what as many answers of real people
        would have on average, because small samples differ by chance: near or below it, so few answers do not
        tell people and simulation apart.
      </p>
    </>
  )
}

interface PointTextProperties {
  readonly active?: boolean
  readonly payload?: readonly { readonly payload?: unknown }[]
}

function PointText({ active, payload }: PointTextProperties): ReactNode {
  const point = payload?.[0]?.payload as MapPicture['points'][number] | undefined
  if (active !== true || point === undefined) return null
  return (
    <div className="point-text">
      <strong>{nameOf(point.who)}</strong>
      <span>{point.text}</span>
    </div>
  )
}
