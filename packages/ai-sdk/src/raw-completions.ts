const marker = 'mop-raw-completions:'

/** The prompt under which texts travel through a completion model of the AI SDK, which writes a chat around any prompt. */
export function packTexts(texts: readonly string[]): string {
  return `${marker}${JSON.stringify(texts)}`
}

/**
 * A `fetch` for the provider whose completion model is to score: `createOpenAICompatible({ …, fetch: rawCompletions() })`.
 * The AI SDK sends every prompt as a chat (`user:`, `assistant:`, a stop sequence), in which a given text cannot be scored
 * exactly. This sends the scorer's texts as they are, many in one request, and leaves every other request alone.
 * @param send what sends in the end, default the global fetch.
 */
export function rawCompletions(send: typeof fetch = (...request) => fetch(...request)): typeof fetch {
  return (input, init) => {
    const texts = typeof init?.body === 'string' ? unpackTexts(init.body) : undefined
    return texts === undefined ? send(input, init) : send(input, { ...init, body: JSON.stringify(texts) })
  }
}

/** The body of a request with the texts in it as its prompt, undefined where there are none. */
function unpackTexts(body: string): object | undefined {
  if (!body.includes(marker)) return undefined
  const { prompt, stop: _, ...settings } = JSON.parse(body) as { prompt?: unknown; stop?: unknown }
  if (typeof prompt !== 'string' || !prompt.startsWith(marker)) return undefined
  const [packed = ''] = prompt.slice(marker.length).split('\n', 1)
  return { ...settings, prompt: JSON.parse(packed) as string[] }
}
