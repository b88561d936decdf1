import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadRecords } from '@mop/core/readers'
import { openLocal } from '@mop/local'
import type { FitRequest } from '../api-contract.ts'
import { runFit } from './fits/run-fit.ts'
import { societyFiles, societyPersonas } from './populations/society.ts'

const request: FitRequest = {
  personas: 'given',
  exemplars: 24,
  rounds: 2,
  pairs: 4,
  records: 420,
  seed: 1,
}

// Fits the mixture that the page has at its first start.
const { records } = await loadRecords(societyFiles.records)
await using local = await openLocal()
const folder = await mkdtemp(join(tmpdir(), 'mop-demo-'))
try {
  let label = ''
  const fitted = await runFit({
    records,
    personas: await societyPersonas(),
    request,
    scorer: local.scorer,
    table: join(folder, 'likelihoods.jsonl'),
    signal: new AbortController().signal,
    onProgress: (step) => {
      if (step.label !== label) console.log(step.label)
      label = step.label
    },
  })
  await writeFile(societyFiles.mixture, fitted.text)
  console.log(fitted.report.heldOut, fitted.report.warnings)
  console.log(`${fitted.text.length} characters in ${societyFiles.mixture}`)
} finally {
  await rm(folder, { recursive: true })
}
