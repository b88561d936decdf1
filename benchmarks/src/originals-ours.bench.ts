import { writeFileSync } from 'node:fs'
import { openArrayFiles } from './originals/array-files.ts'
import { ourTasks } from './originals/our-tasks.ts'
import { stopwatch } from './originals/stopwatch.ts'

/** Our side of one row, in a process of its own, as the peers: TASK FOLDER OUTPUT. Prints JSON: seconds, processor, peakMb, value, note. */
const [name = '', folder = '', output = ''] = process.argv.slice(2)
const task = ourTasks[name]
if (task === undefined) throw new Error(`no task named ${name}`)
const work = task(openArrayFiles(folder))
const since = stopwatch()
const { vector, ...result } = await work()
const elapsed = since()
if (vector !== undefined) writeFileSync(output, Float64Array.from(vector))
const peakMb = process.resourceUsage().maxRSS / 1024
process.stdout.write(`${JSON.stringify({ ...elapsed, ...result, peakMb })}\n`)
