import { writeFileSync } from 'node:fs'
import { openArrayFiles } from './originals/array-files.ts'
import { ourTasks } from './originals/our-tasks.ts'

/** Our side of one row, in a process of its own, as the peers: TASK FOLDER OUTPUT. Prints JSON: seconds, peakMb, value, note. */
const [name = '', folder = '', output = ''] = process.argv.slice(2)
const task = ourTasks[name]
if (task === undefined) throw new Error(`no task named ${name}`)
const work = task(openArrayFiles(folder))
const start = performance.now()
const { vector, ...result } = await work()
const seconds = (performance.now() - start) / 1000
if (vector !== undefined) writeFileSync(output, Float64Array.from(vector))
const peakMb = process.resourceUsage().maxRSS / 1024
process.stdout.write(`${JSON.stringify({ seconds, ...result, peakMb })}\n`)
