/** For schemas of objects: what is wrong where a field is not there, not known, or no object at all. */
export function fieldMessage(issue: { readonly expected: string | null; readonly received: string }): string {
  if (issue.expected === 'Object') return 'must be an object'
  return issue.received === 'undefined' ? 'is missing' : 'is not known'
}
