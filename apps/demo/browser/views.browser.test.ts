import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accessibilityViolations, overflow } from './accessibility.ts'
import { launchBrowser, openPage } from './browser-page.ts'
import { type DemoServer, startDemo } from './demo-server.ts'

let server: DemoServer
let browser: Browser
beforeAll(async () => {
  server = await startDemo()
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser.close()
  await server[Symbol.asyncDispose]()
})

/** Each view in the state in which it has most to show. */
const views: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  population: async (page) => {
    await page.goto('/#/population')
    await page.getByRole('table').waitFor()
  },
  mixture: async (page) => {
    await page.goto('/#/mixture?question=Write+a+film+review.')
    await page.getByText('Likeliest exemplars').waitFor()
    await page.getByText('Drew').waitFor()
  },
  'compare-closed': async (page) => {
    await page.goto('/#/compare?n=6')
    await page.getByLabel('or one of the records').selectOption({ index: 1 })
    await page.getByRole('button', { name: 'Ask both' }).click()
    await page.getByText('Total variation to the population').waitFor({ timeout: 120_000 })
  },
  'compare-text': async (page) => {
    await page.goto('/#/compare?n=12&question=Write+a+film+review.')
    await page.getByRole('button', { name: 'Ask both' }).click()
    await page.getByText('Every point is a response').waitFor({ timeout: 120_000 })
  },
  frameworks: async (page) => {
    await page.goto('/#/frameworks?framework=ai-sdk')
    await page.getByRole('button', { name: 'Run AI SDK' }).click()
    await page.getByText('Probability', { exact: true }).waitFor({ timeout: 120_000 })
    await page.getByText('withMop').first().waitFor()
  },
  fit: async (page) => {
    await page.goto('/#/fit')
    await page.getByText('Does it fit people it has never seen?').waitFor()
  },
}

const looks = [
  ['light', { colorScheme: 'light', viewport: { width: 1280, height: 900 } }],
  ['dark', { colorScheme: 'dark', viewport: { width: 1280, height: 900 } }],
  ['narrow', { colorScheme: 'light', viewport: { width: 390, height: 844 }, hasTouch: true }],
  ['narrow-dark', { colorScheme: 'dark', viewport: { width: 390, height: 844 }, hasTouch: true }],
] as const

/** Where pictures of every view go, for people to look at; nowhere unless asked. */
const pictures = process.env['SCREENSHOTS']

describe.each(looks)('%s', (look, options) => {
  it.each(Object.entries(views))('%s: no serious violation, no overflow, no fault', async (name, show) => {
    const { page, faults, foreign } = await openPage(browser, server.url, options)
    await show(page)
    if (pictures !== undefined) {
      mkdirSync(pictures, { recursive: true })
      await page.screenshot({ path: join(pictures, `${name}-${look}.png`), fullPage: true })
    }
    expect(await accessibilityViolations(page)).toEqual([])
    expect(await overflow(page)).toBe(0)
    expect(faults).toEqual([])
    expect(foreign).toEqual([])
    await page.context().close()
  })
})
