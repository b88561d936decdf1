import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import type { Encoder } from '@mop/core'
import { Hono } from 'hono'
import type { Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { createHashedEncoder } from '../encoder/hashed-encoder.ts'
import { loadLocalModel, LocalModel } from '../engine/local-model.ts'
import { chatCompletions } from './chat-completions.ts'
import { completions } from './completions.ts'
import { embeddings } from './embeddings.ts'
import { asOpenAiError, OpenAiError } from './openai-error.ts'
import { isModelName, modelName } from './served-model.ts'
import type { ServedModel } from './served-model.ts'

export interface LocalServerOptions {
  /** A loaded model, which stays the caller's, or the path of a GGUF file. Default: the shipped model. */
  readonly model?: LocalModel | string | undefined
  /** Tokens of prompt and answer together, of a model that the server loads. Default: see `loadLocalModel`. */
  readonly contextSize?: number | undefined
  /** Behind `/v1/embeddings`. Default: the hashed encoder. */
  readonly encoder?: Encoder | undefined
  /** Default 0: any free port. */
  readonly port?: number | undefined
  /** Default 127.0.0.1. Another address opens the server, which asks for no key, to whoever reaches that address. */
  readonly host?: string | undefined
  /** Largest request body in bytes. Default 4 MiB. */
  readonly maxBodyBytes?: number | undefined
}

export interface LocalServer extends AsyncDisposable {
  /** For example `http://127.0.0.1:41234/v1`: the `baseURL` of an OpenAI client. */
  readonly url: string
  readonly port: number
  readonly host: string
  /** Name of the language model in requests. */
  readonly modelName: string
  /** Name of the encoder in requests for embeddings. */
  readonly encoderName: string
  /** Ends open connections, and frees the model if the server loaded it. */
  dispose(): Promise<void>
}

const loopbackHosts = ['localhost', '127.0.0.1', '::1']

/** Serves a local model in OpenAI's protocol. One answer is computed at a time; requests wait in order. */
export async function createLocalServer(options: LocalServerOptions = {}): Promise<LocalServer> {
  const { host = '127.0.0.1', port = 0 } = options
  const given = options.model instanceof LocalModel ? options.model : undefined
  const { contextSize } = options
  const model = given ?? (await loadLocalModel({ model: options.model as string | undefined, contextSize }))
  const encoder = options.encoder ?? createHashedEncoder()
  const served: ServedModel = {
    model,
    encoder,
    name: modelName(model),
    started: Math.floor(Date.now() / 1000),
  }
  const application = createApplication(served, {
    loopback: loopbackHosts.includes(host),
    maxBodyBytes: options.maxBodyBytes ?? 4 * 2 ** 20,
  })
  try {
    const { server, address } = await listen(application, host, port)
    const dispose = async (): Promise<void> => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      if (given === undefined) await model.dispose()
    }
    return {
      url: `http://${host.includes(':') ? `[${host}]` : host}:${address.port}/v1`,
      port: address.port,
      host,
      modelName: served.name,
      encoderName: encoder.id,
      dispose,
      [Symbol.asyncDispose]: dispose,
    }
  } catch (error) {
    if (given === undefined) await model.dispose()
    throw error
  }
}

function createApplication(served: ServedModel, limits: { loopback: boolean; maxBodyBytes: number }): Hono {
  const application = new Hono()
  application.onError((error, context) => {
    const known = asOpenAiError(error)
    return context.json(known.body, known.status)
  })
  application.notFound((context) => {
    const message = `Unknown request URL: ${context.req.method} ${context.req.path}.`
    return context.json(new OpenAiError({ status: 404, message, code: 'unknown_url' }).body, 404)
  })
  if (limits.loopback) {
    application.use(async (context, next) => {
      checkHostHeader(context)
      await next()
    })
  }
  application.use(
    bodyLimit({
      maxSize: limits.maxBodyBytes,
      onError: () => {
        throw new OpenAiError({
          status: 413,
          message: `The body is larger than ${limits.maxBodyBytes} bytes.`,
        })
      },
    }),
  )
  const described = (id: string): object => ({
    id,
    object: 'model',
    created: served.started,
    owned_by: 'mop',
  })
  application.get('/v1/models', (context) =>
    context.json({ object: 'list', data: [served.name, served.encoder.id].map(described) }),
  )
  application.get('/v1/models/:id', (context) => {
    const id = context.req.param('id')
    if (isModelName(id, served.name) || id === served.encoder.id) return context.json(described(id))
    throw new OpenAiError({
      status: 404,
      message: `No model ${id} here.`,
      code: 'model_not_found',
    })
  })
  application.post('/v1/chat/completions', (context) => chatCompletions(context, served))
  application.post('/v1/completions', (context) => completions(context, served))
  application.post('/v1/embeddings', (context) => embeddings(context, served))
  return application
}

/** A page of another site can point its own name at 127.0.0.1 (DNS rebinding); then the Host header has that name. */
function checkHostHeader(context: Context): void {
  const header = context.req.header('host') ?? ''
  const name = header
    .replace(/:\d+$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .toLowerCase()
  if (loopbackHosts.includes(name)) return
  throw new OpenAiError({
    status: 403,
    message: `Host ${JSON.stringify(header)} is not this machine's loopback address. Give createLocalServer an explicit host to serve others.`,
  })
}

function listen(
  application: Hono,
  host: string,
  port: number,
): Promise<{ server: Server; address: AddressInfo }> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: application.fetch, port, hostname: host }, (address) =>
      resolve({ server, address }),
    ) as Server
    server.once('error', reject)
  })
}
