import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'

const switches = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Debian's Chromium, or the one of CHROMIUM_PATH. */
export async function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
    chromiumSandbox: false,
    args: switches,
  })
}

export interface WatchedPage {
  readonly page: Page
  /** Errors of scripts and of the console, among them every breach of the content security policy. */
  readonly faults: readonly string[]
  /** Addresses asked for that are not the server's own. */
  readonly foreign: readonly string[]
}

/** A page of a new context that remembers what a person would not see. */
export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({ baseURL: url, ...options })
  const page = await context.newPage()
  const faults: string[] = []
  const foreign: string[] = []
  page.on('pageerror', (error) => faults.push(String(error)))
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text())
  })
  page.on('request', (request) => {
    const address = request.url()
    if (!address.startsWith(`${url}/`) && !address.startsWith('data:')) foreign.push(address)
  })
  return { page, faults, foreign }
}
