import type { ChatMessage, Draw, GroupCondition, Mixture, PromptTemplate, Random } from '@mop/core'

/** One response that every arm is asked for. */
export interface ArmSlot {
  /** The same in every arm; rows are named after it. */
  readonly id: string
  readonly input: string
  /** The closed answers, where the question has them. */
  readonly choices?: readonly string[] | undefined
  /** Whose answer is wanted, where the evaluation asks for members of groups. */
  readonly given?: GroupCondition | undefined
  /** The temperature at which every arm answers this slot: that of the mixture's draw for it, or the one that was set for all. */
  readonly temperature: number
}

/** A record as an example to show. */
export interface ShownRecord {
  readonly id: string
  readonly input: string
  readonly output: string
}

/** What an arm puts before the model for one slot. */
export interface ArmPrompt {
  readonly messages: readonly ChatMessage[]
  /** Ids of what of the mixture and the records stands in it; for the row. */
  readonly personas?: readonly string[]
  readonly exemplars?: readonly string[]
  /** Default the slot's. Only for an arm whose method sets it, such as several pairs in one prompt. */
  readonly temperature?: number
}

/** A call beside the answers, such as the first of two steps. */
export interface ArmQuestion {
  /** Unique within the arm; names the row that keeps the answer. */
  readonly id: string
  readonly messages: readonly ChatMessage[]
  readonly temperature: number
}

/** A given text whose likelihood an arm asks for. */
export interface ArmScoring {
  /** Unique within the arm; names the row that keeps the likelihood. */
  readonly id: string
  readonly messages: readonly ChatMessage[]
  readonly continuation: string
  /** Ids of what stands in the prompt, and of the record that is scored; for the row. */
  readonly personas?: readonly string[]
  readonly exemplars?: readonly string[]
}

/** A slot with what is put before the model for it. */
export interface ArmAnswer {
  readonly slot: ArmSlot
  readonly prompt: ArmPrompt
}

/** What an arm has at hand. */
export interface ArmSetting {
  /** The arm's own, or else the evaluation's. */
  readonly mixture: Mixture
  readonly template: PromptTemplate
  /** What may be shown as an example: the training records, or else the mixture's exemplars. Never a test record. */
  readonly shown: readonly ShownRecord[]
  /** A stream of the arm's own: no other arm changes it. */
  readonly random: Random
  /** The mixture's draws for the slots, in their order, with so many pairs each; with one pair the same in every arm that asks. */
  draws(pairs: number): Promise<readonly Draw[]>
  /** Asks the model before the answers. Every question is one more call, which the report counts. */
  ask(questions: readonly ArmQuestion[]): Promise<readonly string[]>
  /**
   * Has slots answered before the others are planned, for methods that go in rounds. These are the arm's answers, no further calls: `plan` returns
   * the same prompts for them. A closed answer that is weighed is one drawn by its probability.
   */
  answer(answers: readonly ArmAnswer[]): Promise<readonly string[]>
  /**
   * log p(continuation | messages) in nats at temperature 1. Every text is one more call, which the report counts.
   * @throws InvalidArgumentError where the evaluation has no `scorer`.
   */
  score(scorings: readonly ArmScoring[]): Promise<readonly number[]>
  /** h(·) of the evaluation's encoder, which is the mixture's. */
  encode(texts: readonly string[]): Promise<readonly ArrayLike<number>[]>
  /** What a reader of the report must know of how the arm went. */
  note(sentence: string): void
}

/**
 * A way to have a model answer as a population. Every arm gets the same slots, hence the same inputs, number of responses and temperatures;
 * it decides what stands before the model.
 */
export interface Arm {
  /** Names it in tables and rows. Different in one evaluation. */
  readonly name: string
  /** What of the population's records its prompts hold, in words. */
  readonly uses: string
  /** What of the mixture it leaves out, in words such as `exemplars`, where it is an ablation: the report compares it with the mixture. */
  readonly ablates?: string
  /**
   * A mixture of its own in place of the evaluation's, of the same encoder. No record may be among its exemplars and the records of its
   * personas either. Temperatures remain the slots', which are those of the evaluation's mixture.
   */
  readonly mixture?: Mixture
  /** One prompt for each slot, in their order. */
  plan(slots: readonly ArmSlot[], setting: ArmSetting): Promise<readonly ArmPrompt[]>
}
