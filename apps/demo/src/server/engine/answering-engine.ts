import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { createAiSdkGenerator } from '@mop/ai-sdk'
import type { LikelihoodScorer, TextGenerator } from '@mop/core'
import { createLocalGenerator, createLocalScorer, createLocalServer, loadLocalModel } from '@mop/local'
import type { Engine } from '../../api-contract.ts'
import type { RemoteModel } from '../settings.ts'

/** The models behind the page: one that answers, and the embedded one that gives likelihoods. */
export interface AnsweringEngine extends AsyncDisposable {
  readonly description: Engine
  /** What adapters are given: an address that speaks OpenAI's protocol. */
  readonly endpoint: Endpoint
  readonly generator: TextGenerator
  readonly scorer: LikelihoodScorer
  /** Never to be shown. */
  readonly secrets: readonly string[]
}

export interface Endpoint {
  readonly baseURL: string
  readonly apiKey: string
  readonly model: string
}

/** Loads the embedded model; with `remote`, that one answers. */
export async function openEngine(remote?: RemoteModel): Promise<AnsweringEngine> {
  const local = await loadLocalModel()
  const scorer = createLocalScorer(local)
  if (remote !== undefined) {
    return {
      ...remoteParts(remote, local.id),
      scorer,
      [Symbol.asyncDispose]: () => local.dispose(),
    }
  }
  const server = await createLocalServer({ model: local })
  return {
    description: { kind: 'embedded', model: server.modelName, scorer: local.id },
    endpoint: { baseURL: server.url, apiKey: 'none', model: server.modelName },
    generator: createLocalGenerator(local),
    scorer,
    secrets: [],
    async [Symbol.asyncDispose]() {
      await server.dispose()
      await local.dispose()
    },
  }
}

function remoteParts(
  { baseUrl, apiKey, model }: RemoteModel,
  scorer: string,
): Pick<AnsweringEngine, 'description' | 'endpoint' | 'generator' | 'secrets'> {
  const { origin, pathname, searchParams } = new URL(baseUrl)
  const provider = createOpenAICompatible({
    name: 'remote',
    baseURL: baseUrl,
    ...(apiKey !== undefined && { apiKey }),
  })
  return {
    description: { kind: 'remote', model, baseUrl: `${origin}${pathname}`, scorer },
    // Clients of OpenAI ask for a key even where the service does not.
    endpoint: { baseURL: baseUrl, apiKey: apiKey ?? 'none', model },
    generator: createAiSdkGenerator(provider.chatModel(model)),
    // What stands in the address after the question mark may be a key, too.
    secrets: [...(apiKey === undefined ? [] : [apiKey]), ...searchParams.values()],
  }
}
