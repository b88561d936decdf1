import { readFile } from 'node:fs/promises'
import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { withMop } from '@mop/ai-sdk'
import { bindEncoder, loadMixture } from '@mop/core'
import { encoderFromState } from '@mop/local'
import { generateText } from 'ai'

const baseURL = process.env['MOP_URL'] ?? 'http://127.0.0.1:8080/v1'
const { mixture } = await loadMixture(await readFile('mixture.json', 'utf8'))
const provider = createOpenAICompatible({ name: 'local', baseURL })
const bound = bindEncoder(mixture, encoderFromState(mixture.encoder.state))
const model = withMop(provider.chatModel('local'), bound)

for (const seed of [1, 2, 3, 4, 5]) {
  const { text, providerMetadata } = await generateText({
    model,
    prompt: 'Review a film.',
    maxOutputTokens: 40,
    providerOptions: { mop: { seed } },
  })
  console.log(JSON.stringify({ answer: text, draw: providerMetadata?.['mop'] }))
}
