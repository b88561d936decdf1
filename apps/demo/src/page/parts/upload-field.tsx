import { type DragEvent, type ReactNode, useId, useState } from 'react'
import type { Limits, PopulationSummary } from '../../api-contract.ts'
import { call, ServerError } from '../server.ts'
import { useRun } from '../use-run.ts'
import { ProblemNotice } from './problem-notice.tsx'

/** A file of records from the person's disk, chosen or dropped. It goes to this server and nowhere else. */
export function UploadField({
  limits,
  onUploaded,
}: {
  readonly limits: Limits
  readonly onUploaded: (population: PopulationSummary) => Promise<void>
}): ReactNode {
  const id = useId()
  const run = useRun()
  const [over, setOver] = useState(false)
  const megabytes = Math.round(limits.uploadBytes / 2 ** 20)
  const upload = (file: File | undefined): void => {
    if (file === undefined) return
    run.start(async (signal) => {
      if (file.size > limits.uploadBytes) {
        const message = `${file.name} has ${(file.size / 2 ** 20).toFixed(1)} MiB.`
        throw new ServerError({ message, remedy: `Give a file of at most ${megabytes} MiB.` }, 413)
      }
      const path = `/populations?name=${encodeURIComponent(file.name)}`
      await onUploaded(await call<PopulationSummary>(path, { file, signal }))
    })
  }
  const drop = (event: DragEvent): void => {
    event.preventDefault()
    setOver(false)
    upload(event.dataTransfer.files[0])
  }
  return (
    <div
      className={over ? 'drop over' : 'drop'}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <label htmlFor={id}>Your own records</label>
      <p className="hint" id={`${id}-hint`}>
        JSONL, JSON or CSV with <code>input</code> and <code>output</code>; <code>choices</code>,{' '}
        <code>respondent</code>, <code>weight</code> and attributes if there are any. At most {megabytes} MiB.
        Drop the file here or choose it. It stays on this machine.
      </p>
      <input
        id={id}
        type="file"
        accept=".jsonl,.ndjson,.json,.csv,.tsv,.parquet"
        aria-describedby={`${id}-hint`}
        disabled={run.running}
        onChange={({ target }) => {
          upload(target.files?.[0])
          target.value = ''
        }}
      />
      {run.running && <p role="status">Reading …</p>}
      {run.problem && <ProblemNotice problem={run.problem} />}
    </div>
  )
}
