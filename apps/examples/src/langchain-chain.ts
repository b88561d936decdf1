import { readFile } from 'node:fs/promises'
import { ChatPromptTemplate } from '@langchain/core/prompts'
import { ChatOpenAI } from '@langchain/openai'
import { bindEncoder, loadMixture } from '@mop/core'
import { MixtureOfPersonas } from '@mop/langchain'
import { encoderFromState } from '@mop/local'

const baseURL = process.env['MOP_URL'] ?? 'http://127.0.0.1:8080/v1'
const { mixture } = await loadMixture(await readFile('mixture.json', 'utf8'))
const settings = { model: 'local', apiKey: 'none', maxTokens: 40, configuration: { baseURL } }

const person = new MixtureOfPersonas({
  mixture: bindEncoder(mixture, encoderFromState(mixture.encoder.state)),
  model: ({ temperature }) => new ChatOpenAI({ ...settings, temperature }),
})
const chain = ChatPromptTemplate.fromTemplate('Review {what}.').pipe(person)

for (const seed of [1, 2, 3, 4, 5]) {
  const answer = await chain.invoke({ what: 'a film' }, { configurable: { mop: { seed } } })
  console.log(JSON.stringify({ answer: answer.text, draw: answer.response_metadata['mop'] }))
}
