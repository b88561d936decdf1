import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { loadMixture } from '@mop/core'
import { createLocalServer } from '@mop/local'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { launchBrowser, openPage } from './browser-page.ts'
import { type DemoServer, startDemo } from './demo-server.ts'
import { sampleRecords } from './sample-file.ts'

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

async function upload(page: Page, name: string, text: string): Promise<void> {
  await page
    .getByLabel('Your own records')
    .setInputFiles({ name, mimeType: 'text/plain', buffer: Buffer.from(text) })
}

async function personaShares(page: Page): Promise<string> {
  return (await page.locator('.personas tbody tr td:nth-child(3)').allTextContents()).join(' ')
}

it('shows the weights move with the question and the group', async () => {
  const { page, faults } = await openPage(browser, server.url)
  await page.goto('/#/mixture')
  await page.getByText('Likeliest exemplars').waitFor()
  await page.getByLabel('Question', { exact: true }).fill('Review a film.')
  await expect.poll(() => personaShares(page)).toMatch(/\d%/)
  const film = await personaShares(page)
  await page.getByLabel('Question', { exact: true }).fill('How was the soup at this restaurant?')
  await expect.poll(() => personaShares(page)).not.toBe(film)
  const soup = await personaShares(page)
  await page.getByLabel('age').selectOption({ index: 1 })
  await expect.poll(() => personaShares(page)).not.toBe(soup)
  const prompt = await page.locator('.prompt').textContent()
  await page.getByRole('button', { name: 'Draw again' }).click()
  await expect.poll(() => page.locator('.prompt').textContent()).not.toBe(prompt)
  const address = page.url()
  await page.reload()
  await expect
    .poll(() => page.getByLabel('Question', { exact: true }).inputValue())
    .toBe('How was the soup at this restaurant?')
  expect(page.url()).toBe(address)
  expect(faults).toEqual([])
  await page.context().close()
})

it('streams both sides, stops when told, and keeps what came', async () => {
  const { page, faults } = await openPage(browser, server.url)
  await page.goto('/#/compare?n=60&question=Write+a+film+review.')
  await page.getByRole('button', { name: 'Ask both' }).click()
  await page.locator('.answers.bare li').first().waitFor()
  await page.locator('.answers.mixture li').first().waitFor()
  await page.getByRole('button', { name: 'Stop' }).click()
  await page.getByText(/Stopped after \d+ of 120 answers/).waitFor()
  await expect.poll(() => focused(page)).toBe('Ask both')
  expect(await page.locator('.answers li').count()).toBeGreaterThan(1)
  // The server is free for the next question at once.
  await page.getByLabel('Answers of each').fill('2')
  await page.getByRole('button', { name: 'Ask both' }).click()
  await page.getByText('Every point is a response').waitFor()
  expect(await page.locator('.answers li').count()).toBe(4)
  expect(faults).toEqual([])
  await page.context().close()
})

it('runs each framework on the same draw and shows the file that ran', async () => {
  const { page, faults } = await openPage(browser, server.url)
  await page.goto('/#/frameworks?seed=5')
  const personas: (string | null)[] = []
  for (const [name, file] of [
    ['LangChain', 'langchain.ts'],
    ['AI SDK', 'ai-sdk.ts'],
    ['LlamaIndex', 'llamaindex.ts'],
  ] as const) {
    await page.getByRole('tab', { name }).click()
    await page.getByRole('button', { name: `Run ${name}` }).click()
    await page.getByText('Temperature', { exact: true }).waitFor()
    personas.push(await page.locator('dl.draw strong').textContent())
    expect(await page.locator('.answer').textContent()).not.toBe('')
    const source = await readFile(fileURLToPath(new URL(`../src/adapters/${file}`, import.meta.url)), 'utf8')
    expect(await page.locator('.source').textContent()).toBe(source)
  }
  expect(new Set(personas).size).toBe(1)
  await page.getByRole('tab', { name: 'LlamaIndex' }).press('ArrowRight')
  await page.getByRole('tab', { name: 'LangChain', selected: true }).waitFor()
  expect(faults).toEqual([])
  await page.context().close()
})

/** The words of what has the focus. */
async function focused(page: Page): Promise<string | null | undefined> {
  return page.evaluate(() => document.activeElement?.textContent)
}

it('says what is wrong with a bad file, and where', async () => {
  const { page } = await openPage(browser, server.url)
  await page.goto('/#/population')
  const alert = page.getByRole('alert')
  await upload(page, 'people.jsonl', `${sampleRecords(2)}{"input": "x", "output": \n`)
  await expect.poll(() => alert.textContent()).toMatch(/people\.jsonl, line 5/)
  await upload(page, 'people.csv', 'question,answer\nx,y\n')
  await expect.poll(() => alert.textContent()).toMatch(/input/)
  await upload(page, 'people.exe', 'MZ')
  await expect.poll(() => alert.textContent()).toMatch(/\.jsonl|jsonl/)
  await upload(page, 'people.jsonl', 'x'.repeat(9 * 2 ** 20))
  await expect.poll(() => alert.textContent()).toMatch(/MiB/)
  expect(await page.getByLabel('Population', { exact: true }).locator('option').count()).toBe(1)
  await page.context().close()
})

it('takes a file that is dropped', async () => {
  const { page, faults } = await openPage(browser, server.url)
  await page.goto('/#/population')
  const transfer = await page.evaluateHandle((text) => {
    const data = new DataTransfer()
    data.items.add(new File([text], 'dropped.jsonl', { type: 'application/jsonl' }))
    return data
  }, sampleRecords(10))
  await page.locator('.drop').dispatchEvent('drop', { dataTransfer: transfer })
  await page.getByText('20 records').waitFor()
  page.on('dialog', (dialog) => void dialog.accept())
  await page.getByRole('button', { name: 'Delete this population' }).click()
  await expect.poll(() => page.getByLabel('Population', { exact: true }).locator('option').count()).toBe(1)
  expect(faults).toEqual([])
  await page.context().close()
})

it('fits a file of yours: cancelled, reloaded in the middle, resumed, taken home, deleted', async () => {
  const { page, faults } = await openPage(browser, server.url)
  await page.goto('/#/population')
  await upload(page, 'town <b>.jsonl', sampleRecords(120))
  await page.getByText('240 records').waitFor()
  await page.getByText('No mixture is fitted yet.').waitFor()
  await page.getByRole('link', { name: '4. Fit your own' }).click()
  await page.getByLabel('How many personas').fill('3')
  await page.getByLabel('Exemplars').fill('12')
  await page.getByLabel('Records at most').fill('240')
  await page.getByRole('button', { name: 'Start the fit' }).click()
  await page.getByText(/Scoring/).waitFor({ timeout: 60_000 })
  await page.reload()
  await page.getByText(/Scoring/).waitFor({ timeout: 60_000 })
  await page.getByRole('button', { name: 'Cancel' }).click()
  await page.getByText('Cancelled.').waitFor()
  await expect.poll(() => focused(page)).toBe('Fit with these settings')
  const kept = Number(
    /([\d,]+) of at most/.exec((await page.locator('.fit').textContent()) ?? '')?.[1]?.replaceAll(',', ''),
  )
  expect(kept).toBeGreaterThan(0)
  await server.restart()
  await page.reload()
  await page.getByText('Cancelled.').waitFor()
  await page.getByRole('button', { name: 'Resume' }).click()
  await page.getByText('Done', { exact: true }).waitFor({ timeout: 120_000 })
  await page.getByText('Does it fit people it has never seen?').waitFor()
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download the mixture' }).click(),
  ])
  const { mixture } = await loadMixture(await readFile(await download.path(), 'utf8'), {
    file: 'mixture.json',
  })
  expect(mixture.personas).toHaveLength(3)
  expect(mixture.exemplars).toHaveLength(12)

  await page.getByRole('link', { name: 'Bare beside mixture' }).click()
  await page.getByLabel('or one of the records').selectOption({ label: 'Do you take the bus? (120)' })
  await page.getByLabel('Answers of each').fill('4')
  await page.getByRole('button', { name: 'Ask both' }).click()
  await page.getByText('Total variation to the population').waitFor()

  page.on('dialog', (dialog) => void dialog.accept())
  await page.getByRole('link', { name: 'Population', exact: true }).click()
  await page.getByRole('button', { name: 'Delete this population' }).click()
  await expect.poll(() => page.getByLabel('Population', { exact: true }).locator('option').count()).toBe(1)
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('content')
  // The reload while the server was down may have been told of by the browser; nothing else may.
  expect(faults.filter((fault) => !fault.includes('ERR_CONNECTION_REFUSED'))).toEqual([])
  await page.context().close()
})

it('says that the server is gone, and goes on when it is back', async () => {
  await using own = await startDemo()
  const { page } = await openPage(browser, own.url)
  await page.goto('/#/compare?n=2')
  await page.getByLabel('age').waitFor()
  await own.stop()
  await page.getByRole('button', { name: 'Ask both' }).click()
  await page.getByText('The server does not answer.').waitFor()
  await page.getByRole('link', { name: 'Mixture', exact: true }).click()
  await page.getByRole('button', { name: 'Try again' }).waitFor()
  await own.restart()
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByText('Likeliest exemplars').waitFor()
  await page.getByRole('link', { name: 'Bare beside mixture' }).click()
  await page.getByRole('button', { name: 'Ask both' }).click()
  await page.getByText('2 answers').first().waitFor()
  await expect.poll(() => page.locator('.answers li').count()).toBe(4)
  expect(await page.getByRole('alert').count()).toBe(0)
  await page.context().close()
})

it('can be used with the keyboard alone', async () => {
  const { page } = await openPage(browser, server.url)
  await page.goto('/#/population')
  await page.getByRole('table').waitFor()
  await page.keyboard.press('Tab')
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to content')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Tab')
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Mixture')
  await page.keyboard.press('Enter')
  await page.getByText('Who would answer?').waitFor()
  await page.getByLabel('Question', { exact: true }).focus()
  await page.keyboard.press('ControlOrMeta+A')
  await page.keyboard.type('How was the soup?')
  await expect.poll(() => page.url()).toContain('soup')
  await page.context().close()
})

it('answers by the model of the environment, whose key the page never sees', async () => {
  const key = 'sk-a-key-that-nobody-may-see'
  await using remote = await createLocalServer()
  await using own = await startDemo({
    OPENAI_BASE_URL: remote.url,
    OPENAI_API_KEY: key,
    OPENAI_MODEL: remote.modelName,
  })
  const { page, faults } = await openPage(browser, own.url)
  const bodies: Promise<string>[] = []
  page.on('response', (response) => bodies.push(response.text().catch(() => '')))
  await page.goto('/#/compare?n=2')
  await page.getByText(`at ${remote.url}`).waitFor()
  await page.getByRole('button', { name: 'Ask both' }).click()
  await page.getByText('Total variation').or(page.getByText('Every point is')).first().waitFor()
  await page.getByRole('link', { name: 'Frameworks' }).click()
  await page.getByRole('button', { name: 'Run LangChain' }).click()
  await page.getByText('Probability', { exact: true }).waitFor()
  for (const body of await Promise.all(bodies)) expect(body).not.toContain(key)
  expect(own.output()).not.toContain(key)
  expect(faults).toEqual([])
  await page.context().close()
})
