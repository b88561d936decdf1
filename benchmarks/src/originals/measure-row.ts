import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createArrayFiles } from './array-files.ts'
import { environmentOf, type Kind, openmpFolder } from './kinds.ts'
import type { SideResult } from './ratio-table.ts'
import type { Row } from './row.ts'
import { type Measured, runSide } from './run-side.ts'

export interface MeasureOptions {
  readonly repeats: number
  readonly kinds: readonly Kind[]
  readonly tiny: boolean
  readonly python: string
  readonly rscript: string
  /** Called before each run. */
  readonly onRun?: (side: string, repeat: number) => void
}

interface Side {
  readonly label: string
  readonly task: string
  readonly run: (folder: string) => Measured | string
}

const here = import.meta.dirname

/** Measures both sides of a row on the same arrays, repetitions interleaved. A side that failed once is not tried again. */
export function measureRow(row: Row, options: MeasureOptions): readonly SideResult[] {
  const folder = mkdtempSync(join(tmpdir(), 'originals-'))
  try {
    const files = createArrayFiles(folder, options.tiny ? row.tiny : row.sizes)
    row.write(files)
    const sides = [ourSide(row), ...row.peers.flatMap((task) => peerSides(task, options))]
    const runs = sides.map((): Measured[] => [])
    const failures = sides.map((): string | undefined => undefined)
    for (let repeat = 0; repeat < options.repeats; repeat++) {
      for (const [at, { label, run }] of sides.entries()) {
        if (failures[at] !== undefined) continue
        options.onRun?.(label, repeat)
        const measured = run(folder)
        if (typeof measured === 'string') failures[at] = measured
        else runs[at]?.push(measured)
      }
    }
    const own = runs[0] as Measured[]
    return sides.map(({ label, task }, at) => {
      const taken = runs[at] as Measured[]
      const [first] = taken
      return {
        row: row.name,
        side: label,
        seconds: taken.map(({ seconds }) => seconds),
        ownSeconds: own.map(({ seconds }) => seconds),
        processor: taken.map(({ processor }) => processor),
        target: row.targets[task],
        failure: failures[at],
        ...(first === undefined
          ? {}
          : {
              peakMb: Math.max(...taken.map(({ peakMb }) => peakMb)),
              value: first.value,
              check: row.check(first, own[0], files),
              note: first.note,
              libraries: first.libraries,
            }),
      }
    })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function ourSide(row: Row): Side {
  const parts = [join(here, '../originals-ours.bench.ts'), row.ours]
  return {
    label: 'ours',
    task: 'ours',
    run: (folder) => runSide({ program: process.execPath, parts, environment: {} }, folder),
  }
}

function peerSides(task: string, { kinds, python, rscript }: MeasureOptions): readonly Side[] {
  const [program, script] = task.startsWith('mixsqp') ? [rscript, 'mixsqp.R'] : [python, 'peer.py']
  const parts = [join(here, '../../originals', script), task]
  return kinds.map((kind) => ({
    label: `${task}, ${kind}`,
    task,
    run: (folder) =>
      kind === 'tuned-openmp' && !existsSync(openmpFolder)
        ? `${openmpFolder} is not there: install libopenblas0-openmp`
        : runSide({ program, parts, environment: environmentOf(kind) }, folder),
  }))
}
