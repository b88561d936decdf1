/** SHA-256 of the sorted ids, one a line, in hexadecimal: the same for the same records in any order. */
export async function idsDigest(ids: readonly string[]): Promise<string> {
  const bytes = new TextEncoder().encode(ids.toSorted().join('\n'))
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
