import { isIP } from 'node:net'
import { fileURLToPath } from 'node:url'
import * as v from 'valibot'

export interface Settings {
  readonly host: string
  /** 0: any free one. */
  readonly port: number
  /** Of uploads, fits and mixtures. */
  readonly folder: string
  /** Absent: the embedded model answers. */
  readonly remote?: RemoteModel | undefined
}

/** A model behind OpenAI's protocol. */
export interface RemoteModel {
  readonly baseUrl: string
  readonly apiKey?: string | undefined
  readonly model: string
}

/** A variable of the environment is not as it must be. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError'
}

const text = v.optional(v.pipe(v.string(), v.trim()), '')
const environment = v.object({
  PORT: v.pipe(
    text,
    v.check(
      (value) => value === '' || (/^\d{1,5}$/.test(value) && Number(value) < 65536),
      'a port from 0 to 65535',
    ),
    v.transform((value) => (value === '' ? 4747 : Number(value))),
  ),
  HOST: v.pipe(
    text,
    v.check(
      (value) => value === '' || isIP(value) > 0 || /^[a-z0-9.-]+$/i.test(value),
      'a host name or an IP address',
    ),
    v.transform((value) => (value === '' ? '127.0.0.1' : value)),
  ),
  MOP_DEMO_FOLDER: text,
  OPENAI_BASE_URL: v.pipe(
    text,
    v.check(
      (value) => value === '' || isServiceUrl(value),
      'an http or https address without user and password',
    ),
  ),
  OPENAI_API_KEY: text,
  OPENAI_MODEL: text,
})

/** @throws SettingsError naming the variable. */
export function readSettings(variables: Readonly<Record<string, string | undefined>>): Settings {
  const checked = v.safeParse(environment, variables, { abortEarly: true })
  if (!checked.success) {
    const [issue] = checked.issues
    const name = v.getDotPath(issue) ?? 'The environment'
    // What stands in a variable may be secret: it is not repeated.
    throw new SettingsError(`${name} must be ${issue.message}.`)
  }
  const { PORT: port, HOST: host, MOP_DEMO_FOLDER: folder, ...openai } = checked.output
  return {
    host,
    port,
    folder: folder === '' ? fileURLToPath(new URL('../../.populations', import.meta.url)) : folder,
    remote: remoteModel(openai),
  }
}

function remoteModel(openai: {
  readonly OPENAI_BASE_URL: string
  readonly OPENAI_API_KEY: string
  readonly OPENAI_MODEL: string
}): RemoteModel | undefined {
  const { OPENAI_BASE_URL: url, OPENAI_API_KEY: key, OPENAI_MODEL: model } = openai
  if (url === '' && key === '') return undefined
  if (model === '') {
    throw new SettingsError(
      `OPENAI_MODEL must name the model that ${url === '' ? 'OPENAI_API_KEY' : 'OPENAI_BASE_URL'} is for; unset both to let the embedded model answer.`,
    )
  }
  return {
    baseUrl: url === '' ? 'https://api.openai.com/v1' : url.replace(/\/+$/, ''),
    apiKey: key === '' ? undefined : key,
    model,
  }
}

function isServiceUrl(value: string): boolean {
  if (!URL.canParse(value)) return false
  const { protocol, username, password } = new URL(value)
  return /^https?:$/.test(protocol) && username === '' && password === ''
}
