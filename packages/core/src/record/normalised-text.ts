/** Two texts that differ only in case, white space or Unicode form are one text. */
export function normalisedText(text: string): string {
  return text.normalize('NFKC').toLowerCase().replaceAll(/\s+/g, ' ').trim()
}
