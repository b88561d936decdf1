/** A text without these secrets, wherever they stand in it, as they are or as they stand in a URL. */
export function redact(text: string, secrets: readonly string[]): string {
  const spelled = secrets
    .filter((secret) => secret !== '')
    .flatMap((secret) => [secret, encodeURIComponent(secret)])
  return spelled.reduce((left, secret) => left.replaceAll(secret, '[key]'), text)
}
