const mostCharacters = 80

/** A file's name as it may be shown and stored: the last part of a path, without what cannot be seen. */
export function uploadName(given: string): string {
  const last = given.toWellFormed().normalize('NFC').split(/[\\/]/).at(-1) ?? ''
  const visible = last.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '').trim()
  const characters = [...visible]
  if (characters.length <= mostCharacters) return visible === '' ? 'records' : visible
  const extension = /\.[^.]{1,8}$/.exec(visible)?.[0] ?? ''
  return `${characters.slice(0, mostCharacters - [...extension].length).join('')}${extension}`
}
