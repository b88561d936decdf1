import { readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { kernelName } from '../../packages/core/src/numeric/kernel.ts'
import { kinds, type Kind } from './originals/kinds.ts'
import { measureRow } from './originals/measure-row.ts'
import { ratioTable, type SideResult } from './originals/ratio-table.ts'
import { rows } from './originals/row.ts'

/**
 * Ours against the originals in Python and R on the same arrays, repetitions interleaved. Prints a Markdown table; progress goes to
 * standard error. `--from FILE` prints the tables of earlier `--out FILE`s instead of measuring.
 */
const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: rows.map(({ name }) => name).join(',') },
    kinds: { type: 'string', default: 'installed,tuned' },
    repeats: { type: 'string', default: '3' },
    'slow-repeats': { type: 'string', default: '1' },
    out: { type: 'string' },
    from: { type: 'string', multiple: true },
    tiny: { type: 'boolean', default: false },
    python: { type: 'string', default: '/usr/bin/python3' },
    rscript: { type: 'string', default: 'Rscript' },
  },
})

function count(option: 'repeats' | 'slow-repeats'): number {
  const found = Number(values[option])
  if (!Number.isInteger(found) || found < 1) throw new Error(`--${option}: an integer of at least 1`)
  return found
}

function chosen<T extends string>(option: 'rows' | 'kinds', known: readonly T[]): readonly T[] {
  return values[option].split(',').map((name) => {
    const found = known.find((one) => one === name)
    if (found === undefined) throw new Error(`--${option}: no ${name}; there are ${known.join(', ')}`)
    return found
  })
}

const [repeats, slowRepeats] = [count('repeats'), count('slow-repeats')]
const wanted = chosen(
  'rows',
  rows.map(({ name }) => name),
)
const wantedKinds: readonly Kind[] = chosen('kinds', kinds)

if (values.from !== undefined) {
  const saved = values.from.flatMap((file) => JSON.parse(readFileSync(file, 'utf8')) as SideResult[])
  process.stdout.write(`${ratioTable(saved)}\n`)
} else {
  const results: SideResult[] = []
  for (const row of rows.filter(({ name }) => wanted.includes(name))) {
    const measured = measureRow(row, {
      repeats: row.slow === true ? slowRepeats : repeats,
      kinds: wantedKinds,
      tiny: values.tiny,
      python: values.python,
      rscript: values.rscript,
      onRun: (side, repeat) => process.stderr.write(`${row.name} ${repeat + 1}: ${side}\n`),
    })
    results.push(...measured)
    if (values.out !== undefined) writeFileSync(values.out, JSON.stringify(results, undefined, 2))
  }
  const processor = cpus()[0]?.model ?? 'unknown processor'
  process.stdout.write(
    `${repeats} repetitions (rows with a peer that takes minutes: ${slowRepeats}), Node ${process.version}, ${cpus().length} x ${processor}, kernel ${kernelName()}${values.tiny ? ', TINY SIZES' : ''}\n\n${ratioTable(results)}\n`,
  )
  const libraries = [...new Set(results.flatMap((result) => result.libraries ?? []))]
  if (libraries.length > 0) process.stdout.write(`\nBLAS seen: ${libraries.join('; ')}\n`)
}
