import { createHash } from 'node:crypto'
import type { TextGenerator } from '@mop/core'
import { exampleMixture, fakeEncoder, fakeLikelihoodScorer, fakeTextGenerator } from '@mop/core/testing'
import { beforeAll, expect, test } from 'vitest'
import { armsNamed } from '../arms/named-arms.ts'
import { promptArm } from '../arms/prompt-arm.ts'
import type { ArmRow } from '../evaluate/arm-row.ts'
import { evaluateArms } from '../evaluate/evaluate-arms.ts'
import type { EvaluationReport } from '../evaluate/evaluation-report.ts'
import { bestFigure } from './best-figure.ts'
import { reportHtml } from './report-html.ts'

const hostile = '<script>alert("x")</script> & \'more\''
const records = Array.from({ length: 24 }, (_, index) => ({
  id: `r${index}`,
  input: index % 2 === 0 ? hostile : 'And you?',
  output: `${hostile} unmistakable ${index}`,
  attributes: { age: index % 3 === 0 ? 'young' : 'old' },
}))
const closed = Array.from({ length: 16 }, (_, index) => ({
  id: `c${index}`,
  input: 'Do you agree?',
  output: index % 3 === 0 ? 'Yes' : 'No',
  choices: ['No', 'Yes'],
  attributes: { age: index % 2 === 0 ? 'young' : 'old' },
}))
/** The fake, but closed questions get one of their choices in turn. */
const fake = fakeTextGenerator()
const agreeing: TextGenerator = {
  id: fake.id,
  generate: async (requests) => {
    const { generations, usage } = await fake.generate(requests)
    const closedOf = (index: number): boolean =>
      requests[index]?.messages.at(-1)?.content.includes('Do you agree?') === true
    return {
      usage,
      generations: generations.map((generation, index) =>
        closedOf(index)
          ? { ...generation, text: (requests[index]?.seed ?? 0) % 3 === 0 ? 'No' : 'Yes' }
          : generation,
      ),
    }
  },
}
const rows: ArmRow[] = []
let report: EvaluationReport
let page = ''

beforeAll(async () => {
  report = await evaluateArms({
    mixture: exampleMixture(),
    encoder: fakeEncoder(),
    generator: agreeing,
    records: [...records, ...closed],
    arms: [
      ...armsNamed(['bare', 'mixture', 'no-exemplars']),
      promptArm({
        name: '<b>&',
        uses: hostile,
        ablates: hostile,
        prompt: () => ({ messages: [{ role: 'user', content: 'x' }] }),
      }),
    ],
    n: 64,
    seed: 1,
    maxTokens: 10,
    resamples: 10,
    groups: 'age',
    heldOut: { scorer: fakeLikelihoodScorer(), records: 12, prompts: 4 },
    environment: { Node: hostile },
    onRow: (row) => rows.push(row),
  })
  page = reportHtml(report, { rows, records: [...records, ...closed], personas: exampleMixture().personas })
})

/** The page's sections by their titles. */
function sections(of: string): ReadonlyMap<string, string> {
  return new Map(
    of
      .split('<section>')
      .slice(1)
      .map((text) => [/<h2>(.*?)<\/h2>/.exec(text)?.[1] ?? '', text]),
  )
}

test('begins with one table of all arms and main figures, the floor in its last row', () => {
  const table = /<table class="main">.*?<\/table>/s.exec(page)?.[0] ?? ''
  expect(page.indexOf('<table')).toBe(page.indexOf(table))
  expect(table.match(/<th scope="row">/g)).toHaveLength(report.arms.length + 1)
  expect(table.match(/<th scope="col" class="number/g)).toHaveLength(12)
  expect(table.match(/<th scope="colgroup"/g)).toHaveLength(2)
  expect(table).toContain('real against real')
  expect(table.match(/<td class="number best/g)).toHaveLength(12)
})

test('says what real against real is, and where it is not what the legend says', () => {
  expect(page).toContain('Of the near-copy rate it is lower instead')
  expect(page).not.toContain('too few to a question')
  const arms = report.arms.map((arm) => ({
    ...arm,
    choices: arm.choices && {
      ...arm.choices,
      figures: arm.choices.figures.map(({ floor: _floor, ...figure }) => figure),
    },
  }))
  const without = reportHtml({ ...report, arms } as EvaluationReport, { rows, records })
  expect(without).toContain('–: the real answers are too few, or too few to a question, to be halved')
})

test('names the columns to be careful with beside the table', () => {
  expect(page).toMatch(/says what to be careful about with FID, MAUVE, KL cosine/)
})

test('does not rank arms by a group of few, and draws no distance below 0', () => {
  const figureOf = (value: number, units: number) => ({
    metric: 'energy distance',
    better: 'lower',
    range: [-1, 9],
    value: 1,
    sizes: { real: 40, simulated: 40 },
    units: { real: 40, simulated: 40 },
    warnings: [],
    groups: {
      young: {
        better: 'lower',
        value,
        interval: { lower: value - 0.1, upper: value + 0.1 },
        sizes: { real: 40, simulated: units },
        units: { real: 40, simulated: units },
      },
    },
  })
  const groupsOf = (units: number): string => {
    const arms = report.arms.slice(0, 2).map((arm, index) => ({
      ...arm,
      texts: { ...arm.texts, figures: [figureOf(index === 0 ? -0.5 : 2, units)] },
    }))
    const of = reportHtml({ ...report, arms } as unknown as EvaluationReport, { rows, records })
    return sections(of).get('Group by group') ?? ''
  }
  expect(groupsOf(10)).toContain('<td class="number best">−0.500')
  expect(groupsOf(10)).toContain('<rect class="value" width="0" height="4"/>')
  expect(groupsOf(9)).not.toContain('class="number best"')
  expect(groupsOf(9)).toContain('40 real, 9 simulated; too few to rank')
})

test('says of an error that is not known that it is not, also of a report from its file', () => {
  expect(page).not.toContain('not known</td>')
  const [first, ...others] = report.arms
  const likelihoods = { ofEach: [], monteCarloError: Number.NaN, monteCarloBias: Number.NaN }
  const changed = { ...report, arms: [{ ...first, likelihoods }, ...others] } as EvaluationReport
  for (const of of [changed, JSON.parse(JSON.stringify(changed)) as EvaluationReport])
    expect(reportHtml(of, { rows, records })).toContain('<td class="number">not known</td>')
})

test('the digest of the records is what the page says it is', () => {
  const ids = [...records, ...closed].map(({ id }) => id).toSorted()
  const digest = createHash('sha256').update(ids.join('\n')).digest('hex')
  expect(report.split.digests.records).toBe(digest)
  expect(page).toContain('in alphabetical order, one a line, without a line break after the last.')
})

test('holds a section for each thing that it promises', () => {
  const found = sections(page)
  expect([...found.keys()]).toEqual([
    'What each part of the mixture is worth',
    'Group by group',
    'How likely the real answers are',
    'Where the answers lie',
    'How alike the answers are among themselves',
    'How closed questions were answered',
    'Whether the shares of choices can be relied on',
    'Who speaks how often',
    'Answers side by side',
    'Figure by figure',
    'How it was run',
    'What the figures do not show',
  ])
  expect(found.get('Where the answers lie')?.match(/<svg class="panel"/g)).toHaveLength(3)
  expect(found.get('How closed questions were answered')).toContain('<strong>Do you agree?</strong>')
  expect(found.get('Who speaks how often')).toContain(exampleMixture().personas[0]?.id)
  expect(found.get('Figure by figure')?.match(/<details class="figure">/g)).toHaveLength(18)
  expect(found.get('Figure by figure')).toContain('different clustering seeds alone: bare ')
  const likely = found.get('How likely the real answers are') ?? ''
  expect(likely.match(/<th scope="row">/g)).toHaveLength(report.arms.length)
  expect(likely).toContain('more than bare')
  const relied = found.get('Whether the shares of choices can be relied on') ?? ''
  // One arm's closed answers are none of the choices.
  expect(relied.match(/<svg class="panel"/g)).toHaveLength(3)
  expect(relied.match(/<th scope="row">/g)).toHaveLength(3)
  expect(found.get('How it was run')).toContain('real answers scored')
  expect(found.get('Figure by figure')).toContain('<caption>young: ')
  expect(found.get('How it was run')).toContain('SHA-256')
  expect(found.get('How it was run')).toContain(report.split.digests.exemplars)
})

test('is the same for the same report, also when it was read from its file', () => {
  const read = JSON.parse(JSON.stringify(report)) as EvaluationReport
  const again = { rows, records: [...records, ...closed], personas: exampleMixture().personas }
  expect(reportHtml(report, again)).toBe(page)
  expect(reportHtml(read, again)).toBe(page)
})

test('without samples holds neither responses nor the texts of personas, which a page with them holds', () => {
  const all = { rows, records: [...records, ...closed], personas: exampleMixture().personas }
  const without = reportHtml(report, { ...all, samples: 0 })
  const text = exampleMixture().personas.find((persona) => persona.text.length > 0)?.text ?? 'none'
  for (const said of ['unmistakable', text]) {
    expect(page).toContain(said)
    expect(without).not.toContain(said)
  }
  expect(JSON.stringify(report)).not.toContain('unmistakable')
  expect(JSON.stringify(report)).not.toContain(text)
  expect(sections(without).has('Answers side by side')).toBe(false)
})

test('draws only what stands in the report: one from before there were portraits has no drawing', () => {
  const { portrait: _portrait, ...old } = report
  const of = reportHtml(old, { rows, records })
  expect(of).toContain('<table class="main">')
  expect(sections(of).has('Where the answers lie')).toBe(false)
})

test('every drawing is named for who does not see it, and every table has headers', () => {
  for (const [svg] of page.matchAll(/<svg[^>]*>/g)) {
    expect(svg).toMatch(/aria-hidden="true"|role="img" aria-label(?:ledby)?="/)
  }
  for (const [, ids = ''] of page.matchAll(/aria-labelledby="([^"]*)"/g)) {
    for (const id of ids.split(' ')) expect(page).toContain(` id="${id}"`)
  }
  for (const [table] of page.matchAll(/<table.*?<\/table>/gs)) expect(table).toMatch(/<th scope="row"/)
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
    if (name === 'meta' || name === 'br' || name === 'col' || own === '/') continue
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
