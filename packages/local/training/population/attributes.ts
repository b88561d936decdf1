import type { Group } from './groups.ts'
import { seededRandom, type SeededRandom } from './seeded-random.ts'

/** The values of each attribute. P(value | group) is `attributeTable`. */
export const attributeValues = {
  age: ['18-29', '30-44', '45-60', '> 60'],
  gender: ['female', 'male'],
  region: ['north', 'south', 'coast', 'capital'],
  education: ['school', 'trade', 'college', 'graduate'],
} as const

export type Attribute = keyof typeof attributeValues

export const attributeNames: readonly Attribute[] = ['age', 'gender', 'region', 'education']

/** Ages lean on how modern the group is, education on its register, the rest on the group's seed. Rows sum to one. */
export function attributeTable(group: Group): Readonly<Record<Attribute, readonly number[]>> {
  const random = seededRandom(group.seed).fork('attributes')
  const { opinions, register } = group.traits
  const youth = opinions.modern + (register === 'slang' ? 1 : 0) - (register === 'formal' ? 0.4 : 0)
  const schooling = register === 'formal' || register === 'technical' ? 1.2 : register === 'blunt' ? -0.8 : 0
  const normalised = (scores: readonly number[]): number[] => {
    const weights = scores.map((score) => Math.exp(score))
    const total = weights.reduce((sum, weight) => sum + weight, 0)
    return weights.map((weight) => Math.round((1000 * weight) / total) / 1000)
  }
  const gender = 0.3 + 0.4 * random.next()
  return {
    age: normalised([1.5 * youth, 0.6 * youth + 0.4, -0.6 * youth + 0.4, -1.5 * youth]),
    gender: [Math.round(gender * 1000) / 1000, Math.round((1 - gender) * 1000) / 1000],
    region: normalised(attributeValues.region.map(() => 0.8 * random.normal())),
    education: normalised([-schooling, -0.3 * schooling, 0.4 * schooling, schooling]),
  }
}

export function drawAttributes(group: Group, random: SeededRandom): Record<Attribute, string> {
  const table = attributeTable(group)
  const drawn = attributeNames.map((name) => {
    const values: readonly string[] = attributeValues[name]
    return [name, values[random.weighted(table[name])] ?? '']
  })
  return Object.fromEntries(drawn) as Record<Attribute, string>
}
