import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createRandom } from '@mop/core'

/** Ours against the Python originals on the same arrays, repetitions interleaved: --rows fid,kmeans --repeats 3 --out results.json. */
interface Measured {
  readonly seconds: number
  readonly peakMb: number
  readonly value: number
}
interface Row {
  readonly name: string
  readonly ours: string
  readonly peers: readonly string[]
  readonly rows: number
  readonly columns: number
  /** Largest relative difference of the values; none where the two draw different starts. */
  readonly agreement?: number
}
const all: readonly Row[] = [
  {
    name: 'fid',
    ours: 'fid',
    peers: ['fid_sqrtm', 'fid_eigenvalues'],
    rows: 5000,
    columns: 768,
    agreement: 1e-6,
  },
  { name: 'kl', ours: 'kl', peers: ['kl_cosine'], rows: 5000, columns: 768, agreement: 1e-3 },
  { name: 'kmeans', ours: 'kmeans', peers: ['kmeans_sklearn', 'kmeans_faiss'], rows: 5000, columns: 768 },
  {
    name: 'kmeans-wide',
    ours: 'kmeans',
    peers: ['kmeans_sklearn', 'kmeans_faiss'],
    rows: 20000,
    columns: 384,
  },
]
const { values } = parseArgs({
  options: {
    rows: { type: 'string' },
    repeats: { type: 'string', default: '3' },
    out: { type: 'string' },
    python: { type: 'string', default: '/usr/bin/python3' },
  },
})
const repeats = Number(values.repeats)
if (!Number.isInteger(repeats) || repeats < 1) throw new Error('--repeats: an integer of at least 1')
const wanted = values.rows?.split(',') ?? all.map(({ name }) => name)
for (const name of wanted)
  if (!all.some((row) => row.name === name)) throw new Error(`--rows: no row named ${name}`)

function sample(seed: string, rows: number, columns: number, shift: number): Float32Array {
  const random = createRandom(seed)
  return Float32Array.from({ length: rows * columns }, (_, at) => {
    const column = at % columns
    const group = Math.floor(at / columns) % 100
    const noise = random.next() + random.next() + random.next() - 1.5
    return (
      ((group * 31 + column * 7) % 13 === 0 ? 1 : 0) +
      2 * noise * 0.995 ** column +
      (column === 3 ? shift : 0)
    )
  })
}

function measure(command: string, parts: readonly string[], environment: Readonly<Record<string, string>>) {
  const result = spawnSync(command, parts, { encoding: 'utf8', env: { ...process.env, ...environment } })
  if (result.status === 0) return JSON.parse(result.stdout) as Measured
  return (result.stderr || String(result.error)).trim().split('\n').at(-1) ?? 'failed'
}

function median(runs: readonly Measured[]): number {
  const sorted = runs.map(({ seconds }) => seconds).toSorted((a, b) => a - b)
  const half = sorted.length >> 1
  return sorted.length % 2 === 1
    ? (sorted[half] ?? NaN)
    : ((sorted[half - 1] ?? NaN) + (sorted[half] ?? NaN)) / 2
}

const threads = { OMP_NUM_THREADS: '2', OPENBLAS_NUM_THREADS: '2' }
const results: object[] = []
for (const row of all.filter(({ name }) => wanted.includes(name))) {
  const folder = mkdtempSync(join(tmpdir(), 'originals-'))
  writeFileSync(join(folder, 'real.f32'), sample('real', row.rows, row.columns, 0))
  writeFileSync(join(folder, 'simulated.f32'), sample('simulated', row.rows, row.columns, 0.3))
  const size = [folder, String(row.rows), String(row.columns)]
  const peer = join(import.meta.dirname, '../originals/peer.py')
  const sides = [
    {
      label: 'ours',
      run: () =>
        measure(
          process.execPath,
          [join(import.meta.dirname, 'originals-ours.bench.ts'), row.ours, ...size],
          {},
        ),
    },
    ...row.peers.flatMap((name) => [
      { label: `${name}, installed`, run: () => measure(values.python, [peer, name, ...size], threads) },
      {
        label: `${name}, tuned`,
        run: () =>
          measure(values.python, [peer, name, ...size], { ...threads, OPENBLAS_CORETYPE: 'SkylakeX' }),
      },
    ]),
  ]
  const runs = sides.map((): Measured[] => [])
  const failures = new Map<string, string>()
  for (let repeat = 0; repeat < repeats; repeat++) {
    for (const [at, side] of sides.entries()) {
      const measured = side.run()
      if (typeof measured === 'string') failures.set(side.label, measured)
      else runs[at]?.push(measured)
    }
  }
  rmSync(folder, { recursive: true })
  const own = runs[0] ?? []
  for (const [at, { label }] of sides.entries()) {
    const failure = failures.get(label)
    const taken = runs[at] ?? []
    const value = taken[0]?.value ?? NaN
    const seconds = median(taken)
    const ours = own[0]?.value ?? NaN
    const difference = Math.abs(ours - value) / Math.abs(value)
    const agrees =
      row.agreement === undefined || at === 0
        ? ''
        : difference <= row.agreement
          ? 'agrees'
          : `DIFFERS by ${difference}`
    const peakMb = Math.max(...taken.map((one) => one.peakMb))
    const ratio = median(own) / seconds
    results.push({ row: row.name, label, seconds, ratio, peakMb, value, agrees, failure })
    const line =
      failure === undefined
        ? [seconds.toFixed(3), ratio.toFixed(2), peakMb.toFixed(0), value.toPrecision(9), agrees]
        : [`SKIPPED: ${failure} (see benchmarks/originals/requirements.txt)`]
    process.stdout.write(`${['', row.name, label, ...line, ''].join(' | ').trim()}\n`)
    if (values.out !== undefined) writeFileSync(values.out, JSON.stringify(results, undefined, 2))
  }
}
