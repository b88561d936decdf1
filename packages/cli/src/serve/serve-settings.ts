export interface ServeFlags {
  readonly port?: number
  readonly host?: string
  readonly model?: string
  readonly context?: number
}

export const serveDefaults = { port: 8080, host: '127.0.0.1', model: 'local' } as const
