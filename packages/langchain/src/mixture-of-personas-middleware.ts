import type { BaseMessage } from '@langchain/core/messages'
import { drawOfReport, drawPrompt, type DrawReport, promptOfDraw } from '@mop/core'
import { type AgentMiddleware, createMiddleware, type ModelRequest, type Runtime } from 'langchain'
import * as z from 'zod'
import { conversationOf, exemplarMessages, isSystem, systemMessage } from './drawn-messages.ts'
import { drawOptionsOf, type MopFields } from './mop-call-options.ts'
import { withDraw } from './with-draw.ts'

export interface MixtureOfPersonasMiddlewareOptions extends MopFields {
  /**
   * Gives the agent's model for a temperature, for integrations that take it only when they are made. Default: the agent's own
   * model, with `temperature` among its settings.
   */
  readonly model?: ((settings: { readonly temperature: number }) => ModelRequest['model']) | undefined
}

/** What is kept of a draw from step to step, and by a checkpointer: ids and numbers. The underscore hides it from results. */
type DrawState = { _mop: z.ZodOptional<z.ZodType<DrawReport>> }

const stateSchema: z.ZodObject<DrawState> = z.object({
  _mop: z
    .object({
      personas: z.array(z.string()),
      exemplars: z.array(z.string()),
      probability: z.number(),
      temperature: z.number(),
      seed: z.union([z.number(), z.string()]),
    })
    .optional(),
})

/**
 * Lets a member of the population run an agent: one draw per run, made for the last user message before the first step and kept through
 * all steps, also by a checkpointer. Persona and exemplars reach the model with each call and never enter the agent's history.
 *
 * The draw is in `response_metadata.mop` of each message of the model. `configurable.mop` of a run says `seed`, `given`,
 * `persona` or `pairs`.
 * @throws InvalidArgumentError for an unknown persona or group, and for a checkpoint of another mixture.
 */
export function mixtureOfPersonasMiddleware(
  options: MixtureOfPersonasMiddlewareOptions,
): AgentMiddleware<z.ZodObject<DrawState>, undefined> {
  const { mixture } = options.mixture
  const { model: modelAt, ...fields } = options
  const drawn = async (messages: readonly BaseMessage[], runtime: Runtime): Promise<DrawReport> =>
    (await drawPrompt(fields.mixture, conversationOf(messages), drawOptionsOf(fields, runtime))).report
  return createMiddleware({
    name: 'MixtureOfPersonas',
    stateSchema,
    beforeAgent: async ({ messages }, runtime) => ({ _mop: await drawn(messages, runtime) }),
    wrapModelCall: async (request, handler) => {
      const { systemMessage: own, messages, modelSettings } = request
      // A checkpoint from before the middleware was there has no draw.
      const report = request.state._mop ?? (await drawn(messages, request.runtime))
      const given = own === undefined ? messages : [own, ...messages]
      const draw = drawOfReport(mixture, report)
      const { seed, temperature } = report
      const prompt = promptOfDraw(mixture, draw, conversationOf(given), { seed, template: fields.template })
      const answer = await handler({
        ...request,
        ...(modelAt !== undefined && { model: modelAt({ temperature }) }),
        modelSettings: { temperature, ...modelSettings },
        systemMessage: systemMessage(prompt.system ?? '', given.filter(isSystem)),
        messages: [...exemplarMessages(prompt), ...messages.filter((message) => !isSystem(message))],
      })
      return withDraw(answer, report)
    },
  })
}
