import * as v from 'valibot'
import type { AdapterRequest, AskRequest, PromptRequest, WeightsRequest } from '../../api-contract.ts'
import { fieldMessage } from '../http/field-message.ts'
import { limits, mostChoiceCharacters, mostChoices } from '../limits.ts'

const text = (most: number): v.GenericSchema<unknown, string> =>
  v.pipe(
    v.string('must be text'),
    v.check((value) => value.trim() !== '', 'must not be empty'),
    v.maxLength(most, `must have at most ${most} characters`),
    v.check((value) => value.isWellFormed(), 'holds half of a surrogate pair'),
  )

const seed = v.pipe(
  v.number('must be a number'),
  v.integer('must be a whole number'),
  v.minValue(0, 'must be 0 or more'),
  v.maxValue(2 ** 32 - 1, `must be at most ${2 ** 32 - 1}`),
)

const answersMessage = `must be a whole number from 1 to ${limits.answers}`
const question = {
  input: text(limits.questionCharacters),
  given: v.optional(
    v.pipe(
      v.record(v.string(), v.string('must be text'), 'must be an object of attributes and their values'),
      v.check((given) => Object.keys(given).length <= 20, 'must name at most 20 attributes'),
    ),
  ),
}

export const weightsRequestSchema: v.GenericSchema<unknown, WeightsRequest> = v.strictObject(
  question,
  fieldMessage,
)

export const promptRequestSchema: v.GenericSchema<unknown, PromptRequest> = v.strictObject(
  { ...question, seed },
  fieldMessage,
)

export const askRequestSchema: v.GenericSchema<unknown, AskRequest> = v.strictObject(
  {
    ...question,
    seed,
    choices: v.optional(
      v.pipe(
        v.array(text(mostChoiceCharacters), 'must be a list of texts'),
        v.minLength(2, 'must hold at least two choices'),
        v.maxLength(mostChoices, `must hold at most ${mostChoices} choices`),
        v.check(
          (choices) => new Set(choices.map((one) => one.trim().toLowerCase())).size === choices.length,
          'holds the same choice twice',
        ),
      ),
    ),
    n: v.pipe(
      v.number(answersMessage),
      v.integer(answersMessage),
      v.minValue(1, answersMessage),
      v.maxValue(limits.answers, answersMessage),
    ),
  },
  fieldMessage,
)

export const adapterRequestSchema: v.GenericSchema<unknown, AdapterRequest> = v.strictObject(
  { ...question, seed, population: text(64) },
  fieldMessage,
)
