import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { generateShippedSociety } from './shipped-society.ts'
import { generateSurvey } from './survey.ts'

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '20261122' },
    records: { type: 'string', default: '1200' },
    respondents: { type: 'string', default: '160' },
    out: { type: 'string', default: new URL('../../data', import.meta.url).pathname },
  },
})

const { records, truth, personas } = generateShippedSociety(Number(values.seed), Number(values.records))
writeFileSync(`${values.out}/society.jsonl`, records.map((record) => `${JSON.stringify(record)}\n`).join(''))
const survey = generateSurvey(Number(values.seed), Number(values.respondents))
writeFileSync(`${values.out}/survey.jsonl`, survey.map((record) => `${JSON.stringify(record)}\n`).join(''))
writeFileSync(`${values.out}/society.truth.json`, `${JSON.stringify(truth, null, 2)}\n`)
writeFileSync(`${values.out}/society.personas.json`, `${JSON.stringify(personas, null, 2)}\n`)
process.stdout.write(`${records.length} records, ${personas.length} groups, seed ${values.seed}\n`)
