import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface FailingService extends AsyncDisposable {
  readonly url: string
  readonly requests: IncomingMessage[]
}

/** A service of a language model that refuses every request and repeats the key that came with it. */
export async function startFailingService(status: number): Promise<FailingService> {
  const requests: IncomingMessage[] = []
  const server = createServer((request, response) => {
    requests.push(request)
    request.resume()
    const message = `Incorrect API key provided: ${request.headers.authorization}.`
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(
      JSON.stringify({ error: { message, type: 'invalid_request_error', param: null, code: 'x' } }),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
