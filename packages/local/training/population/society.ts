import type { PopulationRecord } from '@mop/core'
import { drawAttributes } from './attributes.ts'
import { domains, drawOccasion, type Domain } from './domains.ts'
import type { Group } from './groups.ts'
import { seededRandom } from './seeded-random.ts'
import { drawSpeaker } from './speaker.ts'
import { speak } from './utterance.ts'

/** What is known of a society because it was made: never shown to a fit. */
export interface SocietyTruth {
  /** P(group). */
  readonly shares: Readonly<Record<string, number>>
  /** P(group | domain), by Bayes from the shares and each group's interest in the domains. */
  readonly sharesByDomain: Readonly<Record<string, Readonly<Record<string, number>>>>
  /** The true group and domain of each record. */
  readonly groupOf: Readonly<Record<string, string>>
  readonly domainOf: Readonly<Record<string, Domain>>
}

export interface Society {
  readonly records: readonly PopulationRecord[]
  readonly truth: SocietyTruth
}

export interface SocietyPlan {
  readonly seed: number
  readonly groups: readonly Group[]
  /** Same order as the groups; they sum to one. */
  readonly shares: readonly number[]
  readonly records: number
  /** How differently the groups are interested in the domains: deviation of log-odds, default 1.2; 0 for no difference. */
  readonly interestSpread?: number
}

/** P(domain | group): every group speaks everywhere, but not as often. */
function interests(group: Group, spread = 1.2): readonly number[] {
  const random = seededRandom(group.seed).fork('interests')
  const weights = domains.map((domain) => (domain === 'survey' ? 2 : 1) * Math.exp(spread * random.normal()))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return weights.map((weight) => weight / total)
}

/** Largest remainder: the counts sum to `total` and differ from share × total by less than one. */
export function allocate(shares: readonly number[], total: number): readonly number[] {
  const exact = shares.map((share) => share * total)
  const counts = exact.map(Math.floor)
  const order = exact.map((value, index) => ({ index, rest: value - Math.floor(value) }))
  order.sort((a, b) => b.rest - a.rest || a.index - b.index)
  const missing = total - counts.reduce((sum, count) => sum + count, 0)
  for (const { index } of order.slice(0, missing)) counts[index] = (counts[index] ?? 0) + 1
  return counts
}

/** Speaks the plan: each group gets its share of the records exactly; a person says one to four things. */
export function generateSociety(plan: SocietyPlan): Society {
  const random = seededRandom(plan.seed)
  const drafts: { record: Omit<PopulationRecord, 'id'>; group: string; domain: Domain; order: number }[] = []
  const counts = allocate(plan.shares, plan.records)
  for (const [index, group] of plan.groups.entries()) {
    let left = counts[index] ?? 0
    for (let person = 0; left > 0; person++) {
      const own = random.fork(`${group.name}/${person}`)
      const speaker = drawSpeaker(group, own)
      const attributes = drawAttributes(group, own)
      const things = Math.min(left, 1 + own.integer(4))
      const respondent = `${plan.seed}-${index}-${person}`
      for (let thing = 0; thing < things; thing++) {
        const domain = domains[own.weighted(interests(group, plan.interestSpread))] ?? 'survey'
        const occasion = drawOccasion(domain, own)
        const { output } = speak(speaker, occasion)
        const base = { input: occasion.input, output, attributes, respondent }
        const record =
          occasion.question === undefined ? base : { ...base, choices: occasion.question.choices }
        drafts.push({ record, group: group.name, domain, order: own.next() })
      }
      left -= things
    }
  }
  drafts.sort((a, b) => a.order - b.order)
  // Respondent numbers are drawn anew so that they do not give the group away.
  const respondents = new Map<string, string>()
  const records: PopulationRecord[] = []
  const groupOf: Record<string, string> = {}
  const domainOf: Record<string, Domain> = {}
  for (const [index, { record, group, domain }] of drafts.entries()) {
    const id = `s${String(index + 1).padStart(5, '0')}`
    const key = record.respondent ?? id
    const respondent = respondents.get(key) ?? `r${String(respondents.size + 1).padStart(5, '0')}`
    respondents.set(key, respondent)
    records.push({ id, ...record, respondent })
    groupOf[id] = group
    domainOf[id] = domain
  }
  const shares = Object.fromEntries(plan.groups.map((group, index) => [group.name, plan.shares[index] ?? 0]))
  return { records, truth: { shares, sharesByDomain: sharesByDomain(plan), groupOf, domainOf } }
}

function sharesByDomain(plan: SocietyPlan): Record<string, Record<string, number>> {
  const joint = plan.groups.map((group, index) =>
    interests(group, plan.interestSpread).map((interest) => interest * (plan.shares[index] ?? 0)),
  )
  return Object.fromEntries(
    domains.map((domain, column) => {
      const total = joint.reduce((sum, row) => sum + (row[column] ?? 0), 0)
      const conditional = plan.groups.map((group, row) => {
        return [group.name, Math.round((1e6 * (joint[row]?.[column] ?? 0)) / total) / 1e6] as const
      })
      return [domain, Object.fromEntries(conditional)]
    }),
  )
}
