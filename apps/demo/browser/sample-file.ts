/** A made-up population of people who answer one closed and one open question. */
export function sampleRecords(people: number): string {
  const lines = Array.from({ length: people }, (_, index) => {
    const young = index % 2 === 0
    const common = { respondent: `p${index}`, attributes: { age: young ? 'under 40' : 'over 40' } }
    const closed = {
      ...common,
      input: 'Do you take the bus?',
      output: young ? 'often' : 'never',
      choices: ['never', 'sometimes', 'often'],
    }
    const open = {
      ...common,
      input: 'How was the soup?',
      output: young
        ? `so good ngl, table ${index}!!`
        : `The soup was rather thin at table ${index}, I am sorry to say.`,
    }
    return `${JSON.stringify(closed)}\n${JSON.stringify(open)}\n`
  })
  return lines.join('')
}
