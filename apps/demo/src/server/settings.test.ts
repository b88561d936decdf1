import { describe, expect, it } from 'vitest'
import { readSettings, SettingsError } from './settings.ts'

describe('the settings', () => {
  it('have defaults for everything', () => {
    expect(readSettings({ PATH: '/bin' })).toEqual({
      host: '127.0.0.1',
      port: 4747,
      folder: expect.stringMatching(/apps\/demo\/\.populations$/),
    })
  })

  it('take what the environment says', () => {
    expect(
      readSettings({
        PORT: '0',
        HOST: '::1',
        MOP_DEMO_FOLDER: 'some/folder',
        OPENAI_BASE_URL: 'http://localhost:8000/v1/',
        OPENAI_MODEL: 'small',
      }),
    ).toEqual({
      host: '::1',
      port: 0,
      folder: 'some/folder',
      remote: { baseUrl: 'http://localhost:8000/v1', apiKey: undefined, model: 'small' },
    })
  })

  it('take OpenAI itself for a key alone', () => {
    expect(readSettings({ OPENAI_API_KEY: 'k', OPENAI_MODEL: 'm' }).remote).toEqual({
      baseUrl: 'https://api.openai.com/v1',
      apiKey: 'k',
      model: 'm',
    })
  })

  it.each<[Record<string, string>, string]>([
    [{ PORT: 'http' }, 'PORT must be a port from 0 to 65535.'],
    [{ PORT: '70000' }, 'PORT must be a port from 0 to 65535.'],
    [{ HOST: 'a b' }, 'HOST must be a host name or an IP address.'],
    [{ OPENAI_BASE_URL: 'file:///etc', OPENAI_MODEL: 'm' }, 'OPENAI_BASE_URL must be an http'],
    [{ OPENAI_BASE_URL: 'https://me:secret@host/v1', OPENAI_MODEL: 'm' }, 'OPENAI_BASE_URL must be an http'],
    [{ OPENAI_API_KEY: 'secret' }, 'OPENAI_MODEL must name the model that OPENAI_API_KEY is for'],
    [{ OPENAI_BASE_URL: 'http://host/v1' }, 'OPENAI_MODEL must name the model that OPENAI_BASE_URL is for'],
  ])('%j are refused, naming the variable and not its value', (variables, message) => {
    expect(() => readSettings(variables)).toThrow(SettingsError)
    expect(() => readSettings(variables)).toThrow(message)
    expect(() => readSettings(variables)).not.toThrow('secret')
  })
})
