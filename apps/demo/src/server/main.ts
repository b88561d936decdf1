import { startDemoServer } from './demo-server.ts'
import { readSettings, SettingsError } from './settings.ts'

try {
  const server = await startDemoServer(readSettings(process.env), (line) => console.error(line))
  console.log(`Mixture of Personas: ${server.url}`)
  console.log(server.answering)
  // A framework that leaves the promise of a failed request behind must not end the server, nor print what is secret.
  process.on('unhandledRejection', server.report)
  const end = (): void => {
    // A second signal ends it at once.
    process.once('SIGINT', () => process.exit(130))
    process.once('SIGTERM', () => process.exit(143))
    void server[Symbol.asyncDispose]()
      .then(undefined, server.report)
      .then(() => process.exit(0))
  }
  process.once('SIGINT', end)
  process.once('SIGTERM', end)
} catch (error) {
  const explained = explain(error)
  if (explained === undefined) throw error
  console.error(explained)
  process.exitCode = 2
}

/** What a person did wrong, in words. */
function explain(error: unknown): string | undefined {
  if (error instanceof SettingsError) return error.message
  if (!(error instanceof Error)) return undefined
  const code: unknown = Reflect.get(error, 'code')
  const call: unknown = Reflect.get(error, 'syscall')
  if (call === 'listen' || call === 'getaddrinfo') return `${error.message}. Give another PORT or HOST.`
  const path: unknown = Reflect.get(error, 'path')
  const storage = ['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'ENOTDIR', 'EEXIST']
  return typeof path === 'string' && storage.includes(String(code))
    ? `${error.message}. Give another MOP_DEMO_FOLDER.`
    : undefined
}
