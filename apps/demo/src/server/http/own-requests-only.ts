import type { MiddlewareHandler } from 'hono'
import { ProblemError } from './problem-error.ts'

const loopbackNames = ['localhost', '127.0.0.1', '::1']

/**
 * Refuses what another site's page sends. Such a page can point its own name at this machine (DNS rebinding), which the Host
 * header tells, and can post here without reading the answer, which Origin and Sec-Fetch-Site tell.
 */
export function ownRequestsOnly(boundHost: string): MiddlewareHandler {
  const names = loopbackNames.includes(boundHost) ? loopbackNames : [boundHost.toLowerCase()]
  // Bound to every address of the machine, any name may be meant.
  const anyName = boundHost === '0.0.0.0' || boundHost === '::'
  return async ({ req }, next) => {
    const host = req.header('host') ?? ''
    if (!anyName && !names.includes(hostName(host))) {
      throw new ProblemError(403, {
        message: `This server is not called ${JSON.stringify(host)}.`,
        remedy: `Open it as ${names[0]}, or set HOST to the name it shall have.`,
      })
    }
    if (req.method !== 'GET' && req.method !== 'HEAD') {
      const origin = req.header('origin')
      const foreign = origin !== undefined && !isOwnOrigin(origin, host)
      const site = req.header('sec-fetch-site')
      if (foreign || site === 'cross-site' || site === 'same-site') {
        throw new ProblemError(403, {
          message: 'Another site may not change anything here.',
          remedy: 'Use the page of this server itself.',
        })
      }
    }
    await next()
  }
}

function isOwnOrigin(origin: string, host: string): boolean {
  return URL.canParse(origin) && new URL(origin).host === host.toLowerCase()
}

function hostName(header: string): string {
  return header
    .replace(/:\d+$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .toLowerCase()
}
