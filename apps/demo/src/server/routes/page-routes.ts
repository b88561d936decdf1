import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { Hono } from 'hono'

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
}

const notBuilt = `The page is not built yet. Run this in the root of the repository, then load again:

  pnpm demo:web
`

/** The built page. Names in `assets` carry a hash of their content and may be kept for ever. */
export function pageRoutes(folder: string): Hono {
  return new Hono().get('*', async (context) => {
    const { path } = context.req
    const name = path === '/' ? '/index.html' : path
    const found = /^(?:\/[\w-][\w.-]*)+$/.test(name) ? await readOrNothing(join(folder, name)) : undefined
    if (found === undefined) {
      return name === '/index.html' ? context.text(notBuilt, 503) : context.notFound()
    }
    return context.body(new Uint8Array(found), 200, {
      'Content-Type': types[extname(name)] ?? 'application/octet-stream',
      'Cache-Control': name.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-store',
    })
  })
}

async function readOrNothing(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path)
  } catch {
    return undefined
  }
}
