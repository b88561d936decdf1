import type { ChatMessage } from '@llamaindex/core/llms'
import { PromptTemplate, type StringTemplate } from '@llamaindex/core/prompts'
import {
  type BoundMixture,
  drawPrompt,
  type DrawnPrompt,
  type DrawPromptOptions,
  type DrawReport,
} from '@mop/core'
import { conversationOf, placePrompt } from './place-prompt.ts'

type Values<Names extends readonly string[]> = Partial<Record<Names[number] | (string & {}), string>>

export interface MopPromptOptions<Names extends readonly string[]> extends DrawPromptOptions {
  /** What is asked, such as `defaultTextQAPrompt`; the persona and the exemplars go before it. Default: the input itself. */
  readonly prompt?: PromptTemplate<Names> | undefined
}

interface Parts<Names extends readonly string[]> {
  readonly drawn: DrawnPrompt
  readonly input: string
  readonly prompt: PromptTemplate<Names> | undefined
}

/**
 * A prompt template that is already drawn, since LlamaIndex formats without waiting: `await MopPromptTemplate.draw(…)`.
 * Give it to whatever takes a `PromptTemplate`, such as a response synthesizer; draw another for the next question.
 */
export class MopPromptTemplate<
  const Names extends readonly string[] = string[],
> extends PromptTemplate<Names> {
  readonly #parts: Parts<Names>

  /** Draws for an input. @throws InvalidArgumentError as core's `drawPrompt`. */
  static async draw<const Names extends readonly string[] = string[]>(
    mixture: BoundMixture,
    input: string,
    options: MopPromptOptions<Names> = {},
  ): Promise<MopPromptTemplate<Names>> {
    const { prompt, ...asked } = options
    const drawn = await drawPrompt(mixture, [{ role: 'user', content: input }], asked)
    return new MopPromptTemplate({ drawn, input, prompt })
  }

  private constructor(parts: Parts<Names>) {
    super({ template: '' as StringTemplate<Names>, templateVars: [...(parts.prompt?.templateVars ?? [])] })
    this.#parts = parts
  }

  /** What was drawn: ids, no texts. */
  get report(): DrawReport {
    return this.#parts.drawn.report
  }

  override partialFormat(options: Values<Names>): MopPromptTemplate<Names> {
    return new MopPromptTemplate({ ...this.#parts, prompt: this.#parts.prompt?.partialFormat(options) })
  }

  /** As one text: the system text, the exemplars with the role of each turn before it, and what is asked. */
  override format(options?: Values<Names>): string {
    return this.#asText(this.#parts.prompt?.format(options) ?? this.#parts.input)
  }

  /** As chat messages, which keep the form that the mixture was fitted with: prefer them where a model is called directly. */
  override formatMessages(options?: Values<Names>): ChatMessage[] {
    const { drawn, input, prompt } = this.#parts
    const messages = prompt?.formatMessages(options) ?? [{ role: 'user' as const, content: input }]
    const own = conversationOf(messages).flatMap(({ role, content }) => (role === 'system' ? [content] : []))
    const system = [...own, drawn.system].filter((text) => text !== undefined).join('\n\n')
    return placePrompt({ ...drawn, system: system === '' ? undefined : system }, messages)
  }

  override get template(): StringTemplate<Names> {
    return this.#asText(this.#parts.prompt?.template ?? this.#parts.input) as StringTemplate<Names>
  }

  /** Of what is asked: braces in a persona are no variables. */
  override vars(): string[] {
    return this.#parts.prompt?.vars() ?? []
  }

  #asText(asked: string): string {
    const { system, exemplarTurns } = this.#parts.drawn
    const turns = exemplarTurns.map(({ role, content }) => `${role}: ${content}`).join('\n')
    return [system ?? '', turns, asked].filter((part) => part !== '').join('\n\n')
  }
}
