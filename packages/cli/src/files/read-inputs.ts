import { extname } from 'node:path'
import type { Mixture, SimulationInput } from '@mop/core'
import { FileError } from '../errors/file-error.ts'
import { readPopulation } from './read-population.ts'
import { readText } from './read-text.ts'

/**
 * What to answer, without repeats, in the order of the file: a text file holds one input a line; of JSONL,
 * JSON, CSV and Parquet the field `input` is taken, whatever else the rows hold.
 * @throws FileError, RecordError
 */
export async function readInputs(path: string): Promise<readonly SimulationInput[]> {
  const extension = extname(path).toLowerCase()
  const texts =
    extension === '.jsonl' || extension === '.ndjson'
      ? await inputsOfJsonLines(path)
      : extension === '.json' || extension === '.csv' || extension === '.tsv' || extension === '.parquet'
        ? (await readPopulation(path, { map: { output: 'input' } })).records.map(({ input }) => input)
        : (await readText(path)).split(/\r?\n/)
  const inputs = inputsOfTexts(texts)
  if (inputs.length > 0) return inputs
  throw new FileError({
    path,
    problem: 'it holds no input.',
    remedy: 'Write one input a line, or a field "input".',
  })
}

/** Numbers distinct texts from 1: `i1`, `i2`, … Blank ones are left out. */
export function inputsOfTexts(texts: readonly string[]): readonly SimulationInput[] {
  const distinct = [...new Set(texts.map((text) => text.trim()))].filter((text) => text !== '')
  return distinct.map((input, index) => ({ id: `i${index + 1}`, input }))
}

/** The distinct inputs to which the mixture's exemplars were answers. */
export function inputsOfExemplars(mixture: Mixture): readonly SimulationInput[] {
  return inputsOfTexts(mixture.exemplars.map(({ input }) => input))
}

async function inputsOfJsonLines(path: string): Promise<readonly string[]> {
  const lines = (await readText(path)).split('\n')
  return lines.flatMap((line, index) => {
    if (line.trim() === '') return []
    let row: unknown
    try {
      row = JSON.parse(line)
    } catch {
      row = undefined
    }
    const input: unknown =
      typeof row === 'string'
        ? row
        : typeof row === 'object' && row !== null
          ? Reflect.get(row, 'input')
          : undefined
    if (typeof input === 'string') return [input]
    throw new FileError({
      path,
      problem: `line ${index + 1} holds no input; found ${JSON.stringify(line.slice(0, 60))}.`,
      remedy: 'Write a text in quotes or an object with the field "input" on every line.',
    })
  })
}
