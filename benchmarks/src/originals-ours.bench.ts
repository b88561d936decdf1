import { readFileSync } from 'node:fs'
import { createRandom, kMeans } from '@mop/core'
import { frechetDistance, klCosine } from '@mop/eval'

/** Our side of one row, in a process of its own: NAME FOLDER ROWS COLUMNS. Prints JSON: seconds, peakMb, value. */
const [name = '', folder = '', rowsText, columnsText] = process.argv.slice(2)
const [rows, columns] = [Number(rowsText), Number(columnsText)]
function read(file: string) {
  const bytes = readFileSync(`${folder}/${file}.f32`)
  return { rows, columns, data: new Float32Array(Uint8Array.from(bytes).buffer) }
}
const [real, simulated] = [read('real'), read('simulated')]
const work: Readonly<Record<string, () => number>> = {
  fid: () => frechetDistance(real, simulated),
  kl: () => klCosine(real, simulated),
  kmeans: () => kMeans(real, 100, { random: createRandom('k-means'), restarts: 1 }).inertia,
}
const task = work[name]
if (task === undefined) throw new Error(`no row named ${name}`)
const start = performance.now()
const value = task()
const seconds = (performance.now() - start) / 1000
process.stdout.write(`${JSON.stringify({ seconds, peakMb: process.resourceUsage().maxRSS / 1024, value })}\n`)
