import stringWidth from 'string-width'

/** Prose in lines of at most `width` columns, broken between words; a longer word stays whole. */
export function wrap(text: string, width: number): string {
  return text
    .split('\n')
    .map((line) => {
      const lines: string[] = []
      let current = ''
      for (const word of line.split(' ')) {
        const longer = current === '' ? word : `${current} ${word}`
        if (current !== '' && stringWidth(longer) > width) {
          lines.push(current)
          current = word
        } else current = longer
      }
      return [...lines, current].join('\n')
    })
    .join('\n')
}
