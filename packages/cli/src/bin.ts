#!/usr/bin/env node
import { isNodeNewEnough, oldestNode } from './node-version.ts'

for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // The reader of the pipe went away (`mop … | head`): nobody is left to tell.
    if (error.code === 'EPIPE') process.exit(0)
    throw error
  })
}

if (isNodeNewEnough(process.versions.node)) {
  const { run } = await import('./run.ts')
  process.exitCode = await run(process.argv.slice(2), process)
} else {
  process.stderr.write(`error: mop needs Node ${oldestNode} or newer; this is ${process.versions.node}.\n`)
  process.exitCode = 1
}
