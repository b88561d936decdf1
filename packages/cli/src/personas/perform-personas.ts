import { preparePopulation, type Persona, splitRecords } from '@mop/core'
import type { CommandContext } from '../command-context.ts'
import { UsageError } from '../errors/usage-error.ts'
import { readFitReport } from '../files/read-fit-report.ts'
import { readMixture } from '../files/read-mixture.ts'
import { readPopulation } from '../files/read-population.ts'
import { writeAtomically } from '../files/write-atomically.ts'
import { openEncoder } from '../models/open-encoder.ts'
import { openModel } from '../models/open-model.ts'
import { countOf } from '../output/format-number.ts'
import { personaTable } from '../output/persona-table.ts'
import { renderTable } from '../output/render-table.ts'
import type { Terminal } from '../output/terminal.ts'
import { fitDefaults } from '../fit/fit-settings.ts'
import type { PersonasFlags, SynthesiseFlags } from './personas-settings.ts'

/** Lists the personas of a mixture. */
export async function performPersonas(
  file: string | undefined,
  flags: PersonasFlags,
  context: CommandContext,
): Promise<void> {
  if (file === undefined) {
    throw new UsageError({
      message: 'Which personas?',
      remedy: 'Write `mop personas mixture.json`, or `mop personas synthesise records.jsonl --count 20`.',
    })
  }
  const { terminal, signal } = context
  const { mixture, report } = await readMixture(file, { records: flags.records, signal })
  const sizes = readFitReport(report)?.personaSizes
  terminal.print(personaTable(mixture, sizes, { terminal, top: mixture.personas.length, describe: 1000 }))
  terminal.json(
    mixture.personas.map((persona, index) => ({
      ...persona,
      temperature: mixture.temperatures[index],
      ...(sizes !== undefined && { size: sizes[index] }),
    })),
  )
}

/**
 * Writes personas from the records' clusters, as a fit with the same seed, shares and encoder would: from the
 * part of the records that it learns from, so that they can be given to that fit.
 */
export async function performSynthesise(
  recordsFile: string,
  flags: SynthesiseFlags,
  context: CommandContext,
): Promise<void> {
  const { terminal, config, signal } = context
  const { count = fitDefaults.personas, describe = 'statistics', output } = flags
  const seed = flags.seed ?? config.seed ?? fitDefaults.seed
  const { records } = await readPopulation(recordsFile, {
    format: flags.format,
    map: flags.map ?? config.fit?.map,
    delimiter: flags.delimiter ?? config.fit?.delimiter,
    signal,
  })
  const { heldOut = fitDefaults.heldOut, validation = fitDefaults.validation } = config.fit ?? {}
  const split = splitRecords(records, { seed, heldOut, validation })
  await using encoder = await openEncoder(flags.encoder ?? config.encoder ?? fitDefaults.encoder, split.train)
  await using model =
    describe === 'model'
      ? await openModel(flags.model ?? config.model ?? fitDefaults.model, flags.context ?? config.context)
      : undefined
  const { personas } = await preparePopulation(split, {
    encoder: encoder.encoder,
    seed,
    signal,
    personas: { count },
    exemplars: { count: 0 },
    generator: model?.generator,
    quoteRecords: flags.private !== true,
  })
  if (output !== undefined) {
    await writeAtomically(output, `${JSON.stringify(personas, undefined, 2)}\n`)
    terminal.note(
      `${countOf(personas.length, 'persona')} written to ${output}. Use them with: mop fit ${recordsFile} --personas ${output}`,
    )
  }
  terminal.print(synthesisedTable(personas, terminal))
  terminal.json(personas)
}

function synthesisedTable(personas: readonly Persona[], terminal: Terminal): string {
  return renderTable({
    columns: [
      { title: 'persona' },
      { title: 'records', align: 'right' },
      { title: 'description', flexible: true },
    ],
    rows: personas.map(({ id, text, provenance }) => [id, String(provenance?.size ?? ''), text]),
    width: terminal.width,
    styleTitle: (title) => terminal.style('dim', title),
  })
}
