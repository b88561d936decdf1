import { readFile } from 'node:fs/promises'
import { findPackageJSON } from 'node:module'
import * as v from 'valibot'
import type { AdapterSource, Framework } from '../../api-contract.ts'

const packagesOf: Readonly<Record<Framework, readonly string[]>> = {
  langchain: ['@langchain/core', '@langchain/openai'],
  'ai-sdk': ['ai', '@ai-sdk/openai-compatible'],
  llamaindex: ['@llamaindex/core', '@llamaindex/openai'],
}

const manifestSchema = v.object({ version: v.string() })

/** The file that runs, as it is on disk, and what it runs with. */
export async function adapterSource(framework: Framework): Promise<AdapterSource> {
  return {
    framework,
    file: `apps/demo/src/adapters/${framework}.ts`,
    text: await readFile(new URL(`../../adapters/${framework}.ts`, import.meta.url), 'utf8'),
    packages: await Promise.all(packagesOf[framework].map(nameAndVersion)),
  }
}

async function nameAndVersion(name: string): Promise<string> {
  const path = findPackageJSON(name, import.meta.url)
  if (path === undefined) return name
  const { version } = v.parse(manifestSchema, JSON.parse(await readFile(path, 'utf8')))
  return `${name} ${version}`
}
