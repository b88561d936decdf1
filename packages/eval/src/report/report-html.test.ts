import { exampleMixture, fakeEncoder, fakeTextGenerator } from '@mop/core/testing'
import { beforeAll, expect, test } from 'vitest'
import { armsNamed } from '../arms/named-arms.ts'
import type { ArmRow } from '../evaluate/arm-row.ts'
import { evaluateArms } from '../evaluate/evaluate-arms.ts'
import { bestFigure } from './best-figure.ts'
import { reportHtml } from './report-html.ts'

const hostile = '<script>alert("x")</script> & \'more\''
const records = Array.from({ length: 24 }, (_, index) => ({
  id: `r${index}`,
  input: index % 2 === 0 ? hostile : 'And you?',
  output: `${hostile} ${index}`,
  attributes: { age: index % 3 === 0 ? 'young' : 'old' },
}))
let page = ''

beforeAll(async () => {
  const rows: ArmRow[] = []
  const report = await evaluateArms({
    mixture: exampleMixture(),
    encoder: fakeEncoder(),
    generator: fakeTextGenerator(),
    records,
    arms: armsNamed(['bare', 'mixture']),
    n: 20,
    seed: 1,
    maxTokens: 10,
    resamples: 10,
    groups: 'age',
    onRow: (row) => rows.push(row),
  })
  page = reportHtml(report, { rows, records })
})

test('holds the figures, the groups, the answers side by side and how it was run', () => {
  for (const part of ['FID', 'real against real', '<caption>young: ', 'Answers side by side', 'SHA-256'])
    expect(page).toContain(part)
  expect(page.match(/<h3>/g)).toHaveLength(8)
})

test('loads nothing and runs nothing, whatever the records say', () => {
  expect(page).not.toMatch(/<script|src=|href=|url\(|@import/)
  expect(page).toContain('&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; &#39;more&#39;')
  const bad = /.{300}(?:NaN|undefined|Infinity).{60}/.exec(page)?.[0]
  expect(bad).toBeUndefined()
})

test('every element that is opened is closed', () => {
  const open: string[] = []
  for (const [, end, name = '', own] of page.matchAll(/<(\/?)([a-z0-9]+)[^>]*?(\/?)>/g)) {
    if (name === 'meta' || own === '/') continue
    if (end === '/') expect(open.pop()).toBe(name)
    else open.push(name)
  }
  expect(open).toEqual([])
})

test('the best figure lies best in the sense of its metric', () => {
  const of = (better: 'lower' | 'higher' | 'near 0' | 'near 1' | 'near the real', values: number[]) =>
    bestFigure(
      values.map((value) => ({
        metric: 'x',
        better,
        range: [-9, 9],
        value,
        floor: { value: 2, from: 'real', sizes: [1, 1] },
        sizes: { real: 1, simulated: 1 },
        units: { real: 1, simulated: 1 },
        warnings: [],
      })),
    )
  const values = [-3, 0.25, 1, 2.5]
  expect(
    ['lower', 'higher', 'near 0', 'near 1', 'near the real'].map((better) => of(better as 'lower', values)),
  ).toEqual([0, 3, 1, 2, 3])
  expect(bestFigure([undefined, undefined])).toBe(-1)
  expect(of('lower', [Number.NaN, 1])).toBe(-1)
})
