/** Records of a population small enough for a fit in seconds, as JSONL. */
export function smallPopulation(count: number): string {
  const things = ['a mattress', 'a film', 'a lamp', 'a soup', 'the bus']
  const answers = ['No lie, it slaps!', 'It did its job.', 'never again...', 'I would recommend it, I think.']
  const rows = Array.from({ length: count }, (_, index) => ({
    id: `r${index}`,
    input: `What do you say of ${things[index % things.length]}?`,
    output: `${answers[index % answers.length]} ${things[(index * 3) % things.length]}, number ${index}.`,
    respondent: `p${index}`,
    attributes: { age: index % 2 === 0 ? 'young' : 'old' },
  }))
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('')
}

/** Options that keep a fit of such a population small. */
export const smallFit: readonly string[] = [
  '--personas',
  '3',
  '--exemplars',
  '4',
  '--rounds',
  '2',
  '--pairs',
  '3',
]
