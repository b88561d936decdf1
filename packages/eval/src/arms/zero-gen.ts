import type { Arm } from './arm.ts'

/**
 * ZeroGen (Ye et al., EMNLP 2022), two steps without a record: the model first writes what an answer could be about, then answers
 * with that in mind. One more call for each response. The original draws the context of a task's input; here the input is given, and what is
 * drawn is the answer's.
 */
export function zeroGen(): Arm {
  return {
    name: 'zero-gen',
    uses: 'no record; one more call a response',
    plan: async (slots, { ask, template }) => {
      const details = await ask(
        slots.map(({ id, input, temperature }) => ({
          id,
          messages: [
            {
              role: 'user',
              content: `${input}\n\nDo not answer yet. Name one thing that an answer could be about, in a few words.`,
            },
          ],
          temperature,
        })),
      )
      return slots.map(({ input }, index) => {
        const detail = (details[index] ?? '').trim()
        const messages = template.render([], input)
        return {
          messages:
            detail === ''
              ? messages
              : [{ role: 'system', content: `Answer with this in mind: ${detail}` }, ...messages],
        }
      })
    },
  }
}
