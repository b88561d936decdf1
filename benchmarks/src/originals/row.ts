import type { ArrayFiles, Sizes } from './array-files.ts'
import {
  agreeingValue,
  certifiedWeights,
  equalGradient,
  noHigherValue,
  type RowCheck,
  sameClustering,
  soonerBest,
} from './row-checks.ts'
import { writeGateProblem } from './gate-files.ts'
import { writeMixtureTable } from './mixture-table.ts'
import { writeSamplePair } from './sample-pair.ts'

/** One thing that both sides do, on the same files. */
export interface Row {
  readonly name: string
  /** Task of `ourTasks`. */
  readonly ours: string
  /** Tasks of the peers; those of `mixsqp` run in R, the others in Python. */
  readonly peers: readonly string[]
  /** The largest ratio ours / theirs that was set as a goal, by peer. */
  readonly targets: Readonly<Record<string, number>>
  readonly sizes: Sizes
  /** Sizes at which the whole row takes moments: for a try of the harness. */
  readonly tiny: Sizes
  readonly write: (files: ArrayFiles) => void
  readonly check: RowCheck
  /** Whether a peer takes minutes: measured once unless asked otherwise. */
  readonly slow?: boolean
}

const samples = { rows: 5000, columns: 768 }
const fewSamples = { rows: 60, columns: 8 }
const gate = { records: 5000, validationRecords: 1000, personas: 100, exemplars: 1000, dimension: 768 }
const smallGate = { records: 60, validationRecords: 30, personas: 4, exemplars: 10, dimension: 6 }

export const rows: readonly Row[] = [
  {
    name: 'fid',
    ours: 'fid',
    peers: ['fid_sqrtm', 'fid_eigenvalues'],
    targets: { fid_sqrtm: 1 },
    sizes: samples,
    tiny: fewSamples,
    write: writeSamplePair,
    check: agreeingValue(1e-6),
  },
  {
    name: 'kl',
    ours: 'kl',
    peers: ['kl_cosine'],
    targets: { kl_cosine: 1 },
    sizes: samples,
    tiny: fewSamples,
    write: writeSamplePair,
    check: agreeingValue(1e-3),
  },
  ...(
    [
      ['kmeans', samples],
      ['kmeans-wide', { rows: 20_000, columns: 384 }],
    ] as const
  ).map(([name, sizes]): Row => ({
    name,
    ours: 'kmeans',
    peers: ['kmeans_sklearn', 'kmeans_faiss'],
    targets: { kmeans_sklearn: 0.6 },
    sizes: { ...sizes, clusters: 100 },
    tiny: { ...fewSamples, clusters: 3 },
    write: writeSamplePair,
    check: noHigherValue(0.02),
  })),
  {
    name: 'mauve',
    ours: 'mauve',
    peers: ['mauve_faiss'],
    targets: { mauve_faiss: 0.1 },
    sizes: samples,
    tiny: fewSamples,
    write: writeSamplePair,
    check: sameClustering(0.02),
    slow: true,
  },
  ...(['separated', 'persona-like', 'hard'] as const).map((kind): Row => ({
    name: `mixture-${kind}`,
    ours: 'constant-mixture',
    peers: ['interior_point', 'mixsqp', 'mixsqp_full'],
    targets: { interior_point: 1.5, mixsqp: 0.2, mixsqp_full: 0.2 },
    sizes: { records: 100_000, components: 100 },
    tiny: { records: 200, components: 5 },
    write: (files) => {
      writeMixtureTable(files, kind)
    },
    check: certifiedWeights(1e-6),
  })),
  {
    name: 'gate-step',
    ours: 'gate-step',
    peers: ['gate_step'],
    targets: { gate_step: 3 },
    sizes: { ...gate, pairs: 400, rank: 128 },
    tiny: { ...smallGate, pairs: 8, rank: 3 },
    write: writeGateProblem,
    check: equalGradient(1e-4),
  },
  {
    name: 'gate-step-personas',
    ours: 'gate-step',
    peers: ['gate_step'],
    targets: { gate_step: 3 },
    sizes: { ...gate, exemplars: 0, pairs: 100, rank: 128 },
    tiny: { ...smallGate, exemplars: 0, pairs: 4, rank: 3 },
    write: writeGateProblem,
    check: equalGradient(1e-4),
  },
  {
    name: 'gate-fit',
    ours: 'gate-fit',
    peers: ['gate_fit', 'gate_fit_32'],
    targets: { gate_fit: 1, gate_fit_32: 1 },
    sizes: { ...gate, pairs: 400, rank: 128 },
    tiny: { ...smallGate, pairs: 8, rank: 3 },
    write: writeGateProblem,
    check: soonerBest(),
    slow: true,
  },
]
