import stringWidth from 'string-width'

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** One line of at most `width` columns: line breaks become spaces, and what does not fit an ellipsis. */
export function truncate(text: string, width: number): string {
  const line = printable(text).replaceAll(/\s+/g, ' ').trim()
  if (stringWidth(line) <= width) return line
  let kept = ''
  let used = 0
  for (const { segment } of graphemes.segment(line)) {
    used += stringWidth(segment)
    if (used > width - 1) break
    kept += segment
  }
  return `${kept.trimEnd()}…`
}

/** Texts of records and models without control characters: none can move the cursor or recolour the screen. */
export function printable(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '')
}
