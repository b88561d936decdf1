import { readFile } from 'node:fs/promises'
import { OpenAI } from '@llamaindex/openai'
import { createWorkflow, workflowEvent } from '@llamaindex/workflow-core'
import { bindEncoder, loadMixture } from '@mop/core'
import { withMop } from '@mop/llamaindex'
import { addMopStep, type MopAnswer } from '@mop/llamaindex/workflow'
import { encoderFromState } from '@mop/local'

const baseURL = process.env['MOP_URL'] ?? 'http://127.0.0.1:8080/v1'
const { mixture } = await loadMixture(await readFile('mixture.json', 'utf8'))
const bound = bindEncoder(mixture, encoderFromState(mixture.encoder.state))
const llm = withMop(new OpenAI({ model: 'local', apiKey: 'none', baseURL, maxTokens: 40 }), bound)

const asked = workflowEvent<{ seed: number }>()
const answered = workflowEvent<MopAnswer>()
const answer = (found: MopAnswer) => answered.with(found)
const workflow = createWorkflow()
addMopStep(workflow, { on: asked, llm, ask: () => 'Review a film.', options: (data) => data, answer })

const { sendEvent, stream } = workflow.createContext()
for (const seed of [1, 2, 3, 4, 5]) sendEvent(asked.with({ seed }))
for await (const { data } of stream.filter(answered).take(5)) {
  console.log(JSON.stringify({ answer: data.text, draw: data.report }))
}
