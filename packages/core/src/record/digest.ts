/**
 * The first 128 bits of SHA-256, base64url: a name for a content that does not show it.
 * Fields are length-prefixed, so that ['ab', 'c'] and ['a', 'bc'] differ.
 */
export async function digest(...fields: readonly string[]): Promise<string> {
  const bytes = new TextEncoder().encode(fields.map((field) => `${field.length}:${field}`).join('|'))
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return btoa(String.fromCharCode(...hash.subarray(0, 16)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '')
}
