/** Worth another try: the other side is busy or out of reach (408, 409, 429, 5xx, a broken connection), or was so by its cause. */
export function isTransient(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false
  const status = Reflect.get(error, 'status') ?? Reflect.get(error, 'statusCode')
  if (typeof status === 'number') return status === 408 || status === 409 || status === 429 || status >= 500
  const code = Reflect.get(error, 'code')
  if (typeof code === 'string' && /^(ECONN|ETIMEDOUT|EPIPE|EAI_AGAIN|UND_ERR)/.test(code)) return true
  return isTransient(Reflect.get(error, 'cause'))
}
