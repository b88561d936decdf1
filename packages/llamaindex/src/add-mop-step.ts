import type { ChatMessage } from '@llamaindex/core/llms'
import type { Workflow, WorkflowEvent, WorkflowEventData } from '@llamaindex/workflow-core'
import type { DrawReport } from '@mop/core'
import { drawReport } from './draw-report.ts'
import type { MopLLM } from './mop-llm.ts'
import type { MopCallOptions } from './mop-options.ts'
import { textOf } from './place-prompt.ts'

/** What a step has when the model has answered. */
export interface MopAnswer {
  readonly text: string
  readonly report: DrawReport | undefined
}

export interface MopStep<Asked> {
  /** The event that asks. */
  readonly on: WorkflowEvent<Asked>
  /** From `withMop`. */
  readonly llm: Pick<MopLLM, 'chat'>
  /** What is asked: a text, or a conversation. */
  readonly ask: (data: Asked) => string | ChatMessage[]
  /** The event to send with the answer. */
  readonly answer: (answer: MopAnswer, data: Asked) => WorkflowEventData<unknown>
  /** Of this call's draw, such as a seed. Default those of `llm`. */
  readonly options?: ((data: Asked) => MopCallOptions) | undefined
  /** The event to send with each piece of a streamed answer. Default: the answer is not streamed. */
  readonly piece?: ((delta: string, data: Asked) => WorkflowEventData<unknown>) | undefined
  /** The event to send when the call fails. Default: the step rejects, which a workflow leaves to the process. */
  readonly failed?: ((error: unknown, data: Asked) => WorkflowEventData<unknown>) | undefined
}

/**
 * Adds a step that lets a member of the population answer an event, each event another draw. The step's `signal`
 * aborts the call. Works on a workflow with or without middleware.
 */
export function addMopStep<Asked>(workflow: Pick<Workflow, 'handle'>, step: MopStep<Asked>): void {
  workflow.handle([step.on], async ({ sendEvent, signal }, { data }) => {
    const ask = step.ask(data)
    const asked = {
      messages: typeof ask === 'string' ? [{ role: 'user' as const, content: ask }] : ask,
      additionalChatOptions: { mop: { ...step.options?.(data), signal } },
    }
    try {
      if (step.piece === undefined) {
        const response = await step.llm.chat(asked)
        sendEvent(step.answer({ text: textOf(response.message.content), report: drawReport(response) }, data))
        return
      }
      let answer: MopAnswer = { text: '', report: undefined }
      for await (const chunk of await step.llm.chat({ ...asked, stream: true })) {
        answer = { text: answer.text + chunk.delta, report: drawReport(chunk) }
        sendEvent(step.piece(chunk.delta, data))
      }
      sendEvent(step.answer(answer, data))
    } catch (error) {
      if (step.failed === undefined) throw error
      sendEvent(step.failed(error, data))
    }
  })
}
